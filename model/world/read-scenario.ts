import { isObject } from '../../core/json.ts';
import type { TemplateSource } from '../template/node.ts';
import { parseSource } from '../text/document.ts';
import { leafIssues } from '../text/zod-issues.ts';
import { ScenarioError } from './scenario-error.ts';
import { type ScenarioFile, scenarioSchema } from './scenario-schema.ts';

/** A validated scenario file. Its errors include the line. */
export interface ReadScenario {
  readonly scenario: ScenarioFile;
  /** The line of a field such as `customer.key.keyPolicy`, counted from one. */
  readonly lineOf: (path: string) => number;
}

/** @throws InputError naming file, line and field */
export function readScenario({ file, text }: TemplateSource): ReadScenario {
  const { value, lineOf: lineAt } = parseSource(text, file);
  const lineOf = (path: string) => lineAt(path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) {
    const other = otherKinds.find(([field]) => isObject(value) && field in value);
    if (other)
      throw new ScenarioError(file, '', `is ${other[1]}, where a scenario is expected: give it without --scenario`);
    const [first, ...more] = parsed.error.issues.flatMap((issue) => leafIssues(issue));
    const path = first?.path.join('.') ?? '';
    throw new ScenarioError(
      file,
      path,
      `${first?.isUnknownField ? 'there is no such field' : (first?.issue.message.replace(/^Invalid input: .*received undefined$/, 'is missing') ?? 'not a scenario')}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
      lineOf(path),
    );
  }
  return { scenario: parsed.data, lineOf };
}

/** Files that users give instead of a scenario, recognized by a field that no scenario has. */
const otherKinds = [
  ['Statement', 'a policy'],
  ['Resources', 'a template'],
  ['inbox', 'a test event'],
] as const;
