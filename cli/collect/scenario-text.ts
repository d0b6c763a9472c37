import { Document } from 'yaml';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import { printable } from '../render/page.ts';
import { inShort, type Unknown } from './unknown-parts.ts';

/** A scenario as a file of the catalogue is written, with a comment that says why something is unknown. */
export function scenarioText(scenario: ScenarioFile, unknown: readonly Unknown[]): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  const reasons = unknown.map(({ part, reason }) => ` ${part}: ${printable(inShort(reason)).replaceAll('\n', ' ')}`);
  document.commentBefore = [
    ' Both accounts as they are, and what their documents amount to: docs/scenarios.md.',
    ...(reasons.length > 0 ? [' What could not be known, and why; the templates stand in for it:', ...reasons] : []),
  ].join('\n');
  return document.toString({ lineWidth: 0, singleQuote: true });
}
