import type { PolicyKind } from '../../policy/grammar.ts';
import type { Fault } from '../analysis/faults.ts';
import type { PolicyStatement } from '../world/world.ts';

/** Which document of the two accounts: its kind, whose it is, and which of several. */
export interface DocumentOfWorld {
  readonly kind: PolicyKind;
  /** The ARN of a role or key, the name of a bucket, the id of an account; of an endpoint policy the endpoint's id. */
  readonly owner: string;
  /** The position among several policies of that kind and owner. */
  readonly index: number;
}

export type StatementEdit =
  | { readonly kind: 'add'; readonly statement: PolicyStatement }
  | { readonly kind: 'replace'; readonly index: number; readonly statement: PolicyStatement };

/** A change to a document that fixes faults and opens nothing else. */
export interface Fix {
  readonly document: DocumentOfWorld;
  readonly edit: StatementEdit;
  readonly faults: readonly Fault[];
  /** A sentence for people: “Exempt secure-inbox-delivery from DenyAllButOurs.” */
  readonly summary: string;
}
