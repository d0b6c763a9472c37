import { type Document, isNode, LineCounter } from 'yaml';
import type { z } from 'zod';
import type { TemplateSource } from '../template/node.ts';
import { yamlDocument } from '../template/yaml-document.ts';
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
  const parsed = scenarioSchema.safeParse(valuesOf(document, file));
  if (!parsed.success) {
    const [first, ...more] = parsed.error.issues.flatMap(leaves);
    const path = first?.path.join('.') ?? '';
    throw new ScenarioError(
      file,
      path,
      `${first?.message ?? 'not a scenario'}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
      lineOf(path),
    );
  }
  return { scenario: parsed.data, lineOf };
}

/** That an alias stands for nothing, or for millions of values, shows only once it is followed. */
function valuesOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw cause instanceof ReferenceError ? new ScenarioError(file, '', `not YAML: ${cause.message}`) : cause;
  }
}

interface Leaf {
  readonly path: PropertyKey[];
  readonly message: string;
}

/** Of a field that may be one of several things, what is wrong with the one that it resembles most. */
function leaves(issue: z.core.$ZodIssue): Leaf[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such field' }));
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    if (closest && depth(closest) > 0) {
      return closest.flatMap(leaves).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
    }
  }
  return [{ path: issue.path, message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
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
