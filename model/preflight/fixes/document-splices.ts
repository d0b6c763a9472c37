import type { PolicyFile, Position } from '../../text/policy-file.ts';
import { statementsOf } from '../../world/policy-parts.ts';
import type { PolicyDocument } from '../../world/world.ts';
import { asList, withEntry, withItem } from './edit-values.ts';
import type { Layout } from './layout.ts';
import { statementSplices } from './statement-splices.ts';
import { mapFrom, type Splice, type WrittenText } from './written-text.ts';

/**
 * The edits that turn the statements of a file into those of a fixed document. Undefined if the file computes a value
 * that would have to change.
 *
 * @param after has at least the document's statements, in their order
 */
export function changedStatements(
  policy: PolicyFile,
  after: PolicyDocument,
  written: WrittenText,
  layout: Layout,
): readonly Splice[] | undefined {
  const list = written.at([...policy.at, 'Statement']);
  const parts = statementsOf(policy.document).map((statement, index) => {
    const fixed = statementsOf(after)[index];
    if (statement === fixed) return [];
    const node = list && mapFrom(list, offsetOf(policy.positionOf(['Statement', index]), policy.text));
    return node && statementSplices(statement, fixed, node, layout);
  });
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** The edits that append the new statements of a fixed document to a file. */
export function addedStatements(
  { at, document, missingFor }: Pick<PolicyFile, 'at' | 'document' | 'missingFor'>,
  after: PolicyDocument,
  written: WrittenText,
  layout: Layout,
): readonly Splice[] | undefined {
  const added = statementsOf(after).slice(statementsOf(document).length);
  if (statementsOf(after).length === statementsOf(document).length) return [];
  const [section = '', logicalId = ''] = at.map(String);
  const resources = missingFor === undefined ? undefined : written.at([section]);
  if (resources && missingFor !== undefined) {
    const Properties = { Bucket: { Ref: missingFor }, PolicyDocument: after };
    return withEntry(resources, logicalId, { Type: 'AWS::S3::BucketPolicy', Properties }, layout);
  }
  const policy = written.at(at);
  const entry = policy?.entries.find(({ key }) => key === 'Statement');
  if (entry?.value.kind === 'list') return added.flatMap((statement) => withItem(entry.value, statement, layout));
  return policy?.kind === 'map' && entry?.value.kind === 'map' ? asList(policy, entry, added, layout) : undefined;
}

function offsetOf({ line, column }: Position, text: string): number {
  const start = text.split('\n', line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return start + column - 1;
}
