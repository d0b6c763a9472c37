import type { Effect, EvidenceSource, Step } from '../../../core/vocabulary.ts';

/** What a piece of text tells of one failed request, before AWS's message in it is read. */
export interface ReadText {
  /** AWS's message, or the whole text where that cannot be told apart. */
  readonly message: string;
  readonly source: EvidenceSource;
  readonly code?: string | undefined;
  readonly step?: Step | undefined;
  /** The API operation, where the text names it apart from the message. */
  readonly operation?: string | undefined;
  readonly principal?: string | undefined;
  /** The caller's account, where no ARN of the caller tells it. */
  readonly principalAccountId?: string | undefined;
  /** True where the request was not signed. */
  readonly isAnonymous?: boolean | undefined;
  readonly action?: string | undefined;
  /** Where it is told beside AWS's message. */
  readonly effect?: Effect | undefined;
  readonly resource?: string | undefined;
  readonly resourceAccountId?: string | undefined;
  /** How the request named the key, where that was by its id or alias alone. */
  readonly bareKey?: string | undefined;
  readonly encryptionContextArn?: string | undefined;
  readonly viaS3?: boolean | undefined;
  /** True where AWS's message is “Access Denied” and no more. */
  readonly isBare?: boolean | undefined;
  /** What else of it is worth showing. */
  readonly detail?: string | undefined;
}

/** Parsed JSON of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(value: unknown, name: string): Json | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : undefined;
}

export function textAt(value: unknown, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function listAt(value: unknown, name: string): readonly unknown[] {
  const found = isObject(value) ? value[name] : undefined;
  return Array.isArray(found) ? found : [];
}
