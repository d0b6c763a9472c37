import { asError } from '../../core/values.ts';
import type { UnknownPart } from '../../model/world/scenario.ts';
import type { PolicyDocument } from '../../model/world/world.ts';

/** The result of one question: an answer, or the missing permission. Absence is an answer. */
export type ReadResult<T> =
  | { readonly kind: 'read'; readonly value: T }
  | {
      readonly kind: 'unread';
      /** `kms:GetKeyPolicy` */
      readonly needs: string;
      /** In AWS's words where AWS refused. */
      readonly reason: string;
    };

export type Unread = Extract<ReadResult<unknown>, { kind: 'unread' }>;

export function read<T>(value: T): ReadResult<T> {
  return { kind: 'read', value };
}

/** The answer, where there is one. */
export function answerIn<T>(reading: ReadResult<T>): T | undefined {
  return reading.kind === 'read' ? reading.value : undefined;
}

export function mapped<T, U>(reading: ReadResult<T>, of: (value: T) => U): ReadResult<U> {
  return reading.kind === 'read' ? read(of(reading.value)) : reading;
}

/** All of them, or the first that could not be read. */
export function all<T>(readings: readonly ReadResult<T>[]): ReadResult<readonly T[]> {
  const unread = readings.find((reading) => reading.kind === 'unread');
  return unread ?? read(readings.flatMap((reading) => (reading.kind === 'read' ? [reading.value] : [])));
}

export interface UnreadPart extends UnknownPart {
  /** In AWS's words where AWS refused. */
  readonly reason: string;
}

/** Takes what was read, and keeps a list of what was not. */
export class UnknownParts {
  readonly #list: UnreadPart[] = [];

  /** @returns undefined where it was not read: the part is on the list then */
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

/** Shortens AWS's long sentence to who was refused which permission. */
export function inShort(reason: string): string {
  return reason.replace(
    /User: \S+ is not authorized to perform: .*?(?= because | with an explicit deny)/s,
    'not authorized',
  );
}

/** AWS answered, and what it answered cannot be used: the part is unknown, and the rest is read all the same. */
export class UnusableAnswer extends Error {}

/**
 * @param text as AWS stores it; without any, a policy that says nothing
 * @throws UnusableAnswer where it is no policy document
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
