import { type Document, isNode, LineCounter } from 'yaml';
import type { TemplateSource } from '../template/node.ts';
import { isFields } from '../template/values.ts';
import { yamlDocument } from '../template/yaml-document.ts';
import { leafIssues } from '../text/zod-issues.ts';
import { ScenarioError } from './scenario-error.ts';
import { type ScenarioFile, scenarioSchema } from './scenario-schema.ts';

/** A scenario file, checked; errors know the line that they are about. */
export interface ReadScenario {
  readonly scenario: ScenarioFile;
  /** The line of a field such as `customer.key.keyPolicy`, counted from one. */
  readonly lineOf: (path: string) => number | undefined;
}

/** @throws ScenarioError naming file, line and field */
export function readScenario({ file, text }: TemplateSource): ReadScenario {
  const lines = new LineCounter();
  const document = yamlDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) {
    const line = lines.linePos(syntax.pos[0]).line;
    throw new ScenarioError(file, '', `not YAML: ${syntax.message}: ${text.split('\n')[line - 1]?.trim() ?? ''}`, line);
  }
  const lineOf = (path: string) => lineOfField(document, lines, path.split('.'));
  const value = valuesOf(document, file);
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) {
    const other = otherKinds.find(([field]) => isFields(value) && field in value);
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

/** Files that people give in place of a scenario, by a field that no scenario has. */
const otherKinds = [
  ['Statement', 'a policy'],
  ['Resources', 'a template'],
  ['inbox', 'a test event'],
] as const;

/** That an alias stands for nothing, or for millions of values, shows only once it is followed. */
function valuesOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw cause instanceof ReferenceError ? new ScenarioError(file, '', `not YAML: ${cause.message}`) : cause;
  }
}

/** Where the field itself does not exist, the line of what should hold it. */
function lineOfField(document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length).map(asIndex), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

function asIndex(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}
