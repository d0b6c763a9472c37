import type { Truth } from './truth.ts';

/** One authorization question, as AWS puts it to every policy that has a say in it. */
export interface Request {
  /** ARN of the session (`arn:aws:sts::…:assumed-role/ROLE/SESSION`), of a user, or of an account's root user. */
  readonly principal: string;
  /** The role behind a session; absent for users and root users. */
  readonly role?: string;
  /** As `aws:userid` has it: `AROA…:SESSION`, `AIDA…`, or the account id of a root user. */
  readonly userId?: string;
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  /** Condition keys with their values; several values belong to a multivalued key. A key that is not here is absent. */
  readonly context: Context;
  /**
   * Of keys that are not in the context: whether nobody knows if the request has them, or only with which value.
   *
   * @default all are absent
   */
  readonly isUnknown?: (lowerCaseKey: string) => boolean | 'value';
}

export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A value of the context, absent, or unknown. */
export type ContextValue = string | readonly string[] | undefined | Unknown;

/** `value`: the request has the key for sure. */
export interface Unknown {
  readonly unknown: 'presence' | 'value';
}

const unknownPresence: Unknown = { unknown: 'presence' };
const unknownValue: Unknown = { unknown: 'value' };

export function isUnknown(value: ContextValue): value is Unknown {
  return typeof value === 'object' && 'unknown' in value;
}

/**
 * A request while it is decided. Each condition that hangs on an unknown key is remembered with its keys, and may be
 * assumed to hold or not, to find out whether that makes a difference.
 */
export interface Scope {
  readonly request: Request;
  /** In lower case, as actions are compared. */
  readonly action: string;
  /** @param key in any case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
  readonly valueOf: (key: string) => ContextValue;
  readonly hangsOn: Map<string, ReadonlySet<string>>;
  readonly assumed?: ReadonlyMap<string, boolean>;
}

const known = new WeakMap<Context, ReadonlyMap<string, string | readonly string[]>>();

/** The values of a context, which is read once. */
function byLowerCaseKey(context: Context): ReadonlyMap<string, string | readonly string[]> {
  let values = known.get(context);
  if (!values) {
    values = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
    known.set(context, values);
  }
  return values;
}

export function scopeOf(request: Request, assumed?: ReadonlyMap<string, boolean>): Scope {
  const values = byLowerCaseKey(request.context);
  const lookUp = (key: string): ContextValue => {
    const name = key.toLowerCase();
    const value = values.get(name);
    if (value !== undefined) return value;
    const unknown = request.isUnknown?.(name) ?? false;
    return unknown === 'value' ? unknownValue : unknown ? unknownPresence : undefined;
  };
  return {
    request,
    action: request.action.toLowerCase(),
    valueOf: lookUp,
    hangsOn: new Map(),
    ...(assumed && { assumed }),
  };
}

/**
 * What to make of something that hangs on unknown keys: remembered, and unknown unless it is being assumed.
 *
 * @param about what it is, so that the same thing asked twice is one assumption
 */
export function assume(about: readonly unknown[], keys: Iterable<string>, { hangsOn, assumed }: Scope): Truth {
  const id = JSON.stringify(about);
  hangsOn.set(id, new Set(keys));
  return assumed?.get(id) ?? 'unknown';
}
