import { Document, visit } from 'yaml';
import { printable } from '../../core/printable.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import { inShort, type UnreadPart } from './unknown-parts.ts';

/** A scenario as a file of the catalogue is written, with a comment that says why something is unknown. */
export function scenarioText(scenario: ScenarioFile, unknown: readonly UnreadPart[]): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  const reasons = unknown.map(({ part, reason }) => ` ${part}: ${printable(inShort(reason)).replaceAll('\n', ' ')}`);
  document.commentBefore = [
    ' Both accounts as they are, and what their documents amount to: docs/scenarios.md.',
    ...(reasons.length > 0 ? [' What could not be known, and why; the templates stand in for it:', ...reasons] : []),
  ].join('\n');
  // Elsewhere than in double quotes, YAML has no way to escape what a terminal would obey.
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && printable(node.value) !== node.value) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}
