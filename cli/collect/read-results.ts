import { asError } from '../../core/values.ts';
import type { UnknownPart } from '../../model/world/scenario.ts';
import type { PolicyDocument } from '../../model/world/world.ts';

/** The result of one read: an answer, or the missing permission. That something doesn't exist is an answer. */
export type ReadResult<T> =
  | { readonly kind: 'read'; readonly value: T }
  | {
      readonly kind: 'unread';
      /** `kms:GetKeyPolicy` */
      readonly needs: string;
      /** AWS's own message if AWS denied the request. */
      readonly reason: string;
    };

export type Unread = Extract<ReadResult<unknown>, { kind: 'unread' }>;

export function read<T>(value: T): ReadResult<T> {
  return { kind: 'read', value };
}

/** The answer, if there is one. */
export function answerIn<T>(reading: ReadResult<T>): T | undefined {
  return reading.kind === 'read' ? reading.value : undefined;
}

export function mapped<T, U>(reading: ReadResult<T>, of: (value: T) => U): ReadResult<U> {
  return reading.kind === 'read' ? read(of(reading.value)) : reading;
}

/** All answers, or the first one that could not be read. */
export function all<T>(readings: readonly ReadResult<T>[]): ReadResult<readonly T[]> {
  const unread = readings.find((reading) => reading.kind === 'unread');
  return unread ?? read(readings.flatMap((reading) => (reading.kind === 'read' ? [reading.value] : [])));
}

export interface UnreadPart extends UnknownPart {
  /** AWS's own message if AWS denied the request. */
  readonly reason: string;
}

/** Returns what was read, and lists what was not. */
export class UnknownParts {
  readonly #list: UnreadPart[] = [];

  /** @returns undefined if it was not read; the part is then on the list */
  take<T>(part: string, reading: ReadResult<T>): T | undefined {
    if (reading.kind === 'read') return reading.value;
    this.add(part, reading.needs, reading.reason);
    return undefined;
  }

  add(part: string, needs: string, reason: string): void {
    if (!this.#list.some((known) => known.part === part)) this.#list.push({ part, needs, reason });
  }

  get list(): readonly UnreadPart[] {
    return this.#list;
  }
}

/** Shortens AWS's long sentence to who was denied which permission. */
export function inShort(reason: string): string {
  return reason.replace(
    /User: \S+ is not authorized to perform: .*?(?= because | with an explicit deny)/s,
    'not authorized',
  );
}

/** AWS's answer can't be used. The part is unknown, and reading continues. */
export class UnusableAnswer extends Error {}

/**
 * @param text as AWS stores it; if absent, the result is a policy without statements
 * @throws UnusableAnswer if it is not a policy document
 */
export function storedPolicy(text: string | undefined): PolicyDocument {
  if (text === undefined) return { Statement: [] };
  const document = parsed(text);
  if (typeof document === 'object' && document !== null && 'Statement' in document) return document as PolicyDocument;
  throw new UnusableAnswer('the document that AWS returned is JSON, but no policy: it has no Statement');
}

/** IAM URL-encodes documents: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export function encodedPolicyIn(text: string | undefined): PolicyDocument {
  return storedPolicy(text === undefined ? undefined : decoded(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UnusableAnswer('the document that AWS returned is not URL-encoded as IAM encodes documents');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableAnswer(`the document that AWS returned is not JSON: ${asError(error).message}`);
  }
}
