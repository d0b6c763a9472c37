import type { PolicyDocument } from '../world/world.ts';
import type { DocumentOfWorld, StatementEdit } from './document-edit.ts';
import type { FaultContext } from './fault-context.ts';

export interface ProposedEdit {
  readonly edit: StatementEdit;
  readonly summary: string;
}

/** Edits that belong together, and that may mend a fault: whether they do has to be tried. */
export type Proposal = readonly ProposedEdit[];

export interface EditableDocument {
  readonly about: FaultContext;
  readonly of: DocumentOfWorld;
  readonly document: PolicyDocument;
}
