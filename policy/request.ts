import type { Truth } from './truth.ts';

/** One authorization question that every applicable policy evaluates. */
export interface Request {
  /** ARN of the session (`arn:aws:sts::…:assumed-role/ROLE/SESSION`), of a user, or of an account's root user. */
  readonly principal: string;
  /** The role of a session; absent for users and root users. */
  readonly role?: string;
  /** The value of `aws:userid`: `AROA…:SESSION`, `AIDA…`, or a root user's account ID. */
  readonly userId?: string;
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource. */
  readonly resourceAccount: string;
  /** Condition keys with their values; a multivalued key may have several. Other keys are absent. */
  readonly context: Context;
  /**
   * For keys that are not in the context: whether it is unknown if the request has them, or only their value.
   *
   * @default all are absent
   */
  readonly isUnknown?: (lowerCaseKey: string) => boolean | 'value';
}

export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A value of the context, absent, or unknown. */
export type ContextValue = string | readonly string[] | undefined | Unknown;

/** `value` if the request certainly has the key. */
export interface Unknown {
  readonly unknown: 'presence' | 'value';
}

const unknownPresence: Unknown = { unknown: 'presence' };
const unknownValue: Unknown = { unknown: 'value' };

export function isUnknown(value: ContextValue): value is Unknown {
  return value === unknownPresence || value === unknownValue;
}

/**
 * A request while it is decided. It records each condition that depends on an unknown key, with its keys. Such a
 * condition may be assumed to hold or not, to find out whether that makes a difference.
 */
export class Scope {
  readonly request: Request;
  readonly assumed: ReadonlyMap<string, boolean> | undefined;
  /** In lower case, because actions are case-insensitive. */
  readonly action: string;
  /** The caller's account. */
  readonly account: string;
  /** The current statement's conditions that depend on unknown keys, each with these keys. */
  asked: Map<string, ReadonlySet<string>> | undefined;
  /** The unknown keys of all statements that may decide. */
  readonly hangsOn = new Set<string>();
  private readonly keys: readonly string[];

  constructor(request: Request, assumed?: ReadonlyMap<string, boolean>) {
    this.request = request;
    this.assumed = assumed;
    this.action = request.action.toLowerCase();
    this.account = request.principal.split(':', 5)[4] ?? '';
    this.keys = Object.keys(request.context);
  }

  /** Records what the current statement depends on, and returns its keys. */
  remember(): readonly string[] {
    const asked = [...(this.asked ?? [])];
    for (const [id] of asked) this.hangsOn.add(id);
    return asked.flatMap(([, keys]) => [...keys]);
  }

  /** @param key in any case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
  valueOf(key: string): ContextValue {
    const { context, isUnknown: isKeyUnknown } = this.request;
    // If a key is present in several spellings, the last one applies.
    for (let at = this.keys.length - 1; at >= 0; at--) {
      const own = this.keys[at] ?? '';
      if (own.length === key.length && (own === key || own.toLowerCase() === key.toLowerCase())) return context[own];
    }
    const unknown = isKeyUnknown?.(key.toLowerCase()) ?? false;
    return unknown === 'value' ? unknownValue : unknown ? unknownPresence : undefined;
  }
}

/**
 * Records that the decision depends on unknown keys. The result is unknown, unless a value is being assumed.
 *
 * @param about identifies the question, so that asking it twice makes one assumption
 */
export function assume(about: readonly unknown[], keys: Iterable<string>, scope: Scope): Truth {
  const id = JSON.stringify(about);
  scope.asked ??= new Map();
  scope.asked.set(id, new Set(keys));
  return scope.assumed?.get(id) ?? 'unknown';
}
