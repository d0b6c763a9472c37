import type { Truth } from './truth.ts';

/** One authorization question, as AWS puts it to every policy that can decide it. */
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
   * For keys that are not in the context: whether no one knows if the request has them, or only with which value.
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
  return value === unknownPresence || value === unknownValue;
}

/**
 * A request while it is decided. Each condition that depends on an unknown key is remembered with its keys, and may be
 * assumed to hold or not, to find out whether that makes a difference.
 */
export class Scope {
  readonly request: Request;
  readonly assumed: ReadonlyMap<string, boolean> | undefined;
  /** In lower case, as actions are compared. */
  readonly action: string;
  /** The caller's account. */
  readonly account: string;
  /** The conditions with unknown keys that the current statement depends on, each with these keys. */
  asked: Map<string, ReadonlySet<string>> | undefined;
  /** The same of statements that may decide. */
  readonly hangsOn = new Set<string>();
  private readonly keys: readonly string[];

  constructor(request: Request, assumed?: ReadonlyMap<string, boolean>) {
    this.request = request;
    this.assumed = assumed;
    this.action = request.action.toLowerCase();
    this.account = request.principal.split(':', 5)[4] ?? '';
    this.keys = Object.keys(request.context);
  }

  /** Remembers what the statement that is being decided depends on, and tells the keys. */
  remember(): readonly string[] {
    const asked = [...(this.asked ?? [])];
    for (const [id] of asked) this.hangsOn.add(id);
    return asked.flatMap(([, keys]) => [...keys]);
  }

  /** @param key in any case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
  valueOf(key: string): ContextValue {
    const { context, isUnknown: isKeyUnknown } = this.request;
    // For a key that is there in several spellings, the last.
    for (let at = this.keys.length - 1; at >= 0; at--) {
      const own = this.keys[at] ?? '';
      if (own.length === key.length && (own === key || own.toLowerCase() === key.toLowerCase())) return context[own];
    }
    const unknown = isKeyUnknown?.(key.toLowerCase()) ?? false;
    return unknown === 'value' ? unknownValue : unknown ? unknownPresence : undefined;
  }
}

/**
 * Remembers that the decision depends on unknown keys. The answer is unknown, unless it is being assumed.
 *
 * @param about identifies the question, so that asking twice makes one assumption
 */
export function assume(about: readonly unknown[], keys: Iterable<string>, scope: Scope): Truth {
  const id = JSON.stringify(about);
  scope.asked ??= new Map();
  scope.asked.set(id, new Set(keys));
  return scope.assumed?.get(id) ?? 'unknown';
}
