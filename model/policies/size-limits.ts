import { grammarOfKinds, type PolicyKind, type PolicySize } from '../../policy/grammar-kinds.ts';

/** A document that the service would not save because of its size. */
export interface TooLong extends PolicySize {
  readonly size: number;
}

/** Undefined where it is not too long. White space is not counted, even where the service does. */
export function tooLong(kind: PolicyKind, document: unknown): TooLong | undefined {
  const limit: PolicySize = grammarOfKinds[kind].size;
  const minified = JSON.stringify(document);
  const size = limit.unit === 'bytes' ? new TextEncoder().encode(minified).length : minified.length;
  return size > limit.limit ? { ...limit, size } : undefined;
}
