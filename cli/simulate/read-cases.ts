import type { Readable } from 'node:stream';
import { jsonOrNothing } from '../../core/json.ts';
import { asError } from '../../core/values.ts';
import { deepest, tooDeep, yamlDocuments } from '../../model/template/yaml-document.ts';
import { parseSource, standardInput } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import { jsonTree } from '../../model/text/json-tree.ts';
import { positionsIn } from '../../model/text/text-node.ts';
import { readText } from '../input/read-text.ts';
import { type CaseProblem, caseContradictions, caseProblemsOf, savingProblems } from './case-problems.ts';
import { type DecisionCase, decisionCase } from './decision-case.ts';

export type ReadCase = {
  readonly id: string;
  /** `FILE` or, for a file with one case per line, `FILE:LINE`. */
  readonly from: string;
} & (
  | { readonly kind: 'case'; readonly case: DecisionCase }
  | { readonly kind: 'invalid'; readonly problems: readonly CaseProblem[] }
);

/**
 * The decision cases of a file: JSON or YAML with one or a list of them, several YAML documents, or a JSON object on
 * each line. If a file can't be read or has another format, it becomes one case that can't be decided, and the others
 * continue.
 *
 * @param file a path, or `-` for stdin
 */
export async function readCases(file: string, stdin: Readable): Promise<readonly ReadCase[]> {
  try {
    return casesIn((await readText(file, stdin)).replace(/^\uFEFF/, ''), file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [
      { id: file, from: file, kind: 'invalid', problems: [{ path: '', message: error.message.replace(/\.$/, '') }] },
    ];
  }
}

function casesIn(text: string, file: string): readonly ReadCase[] {
  const values = valuesIn(text, file);
  if (values.length === 0) throw new InputError(`${file}: has no decision case: an object with request and policies.`);
  return values.map(({ value, from }, at) => caseOf(value, from, at));
}

interface Value {
  readonly value: unknown;
  readonly from: string;
}

function valuesIn(text: string, file: string): readonly Value[] {
  const name = file === '-' ? standardInput : file;
  const lines = text.split(/\r?\n/);
  const filled = lines.flatMap((line, at) => (line.trim() === '' ? [] : [{ line, from: `${name}:${at + 1}` }]));
  if (
    isLineByLine(
      filled.map(({ line }) => line),
      file,
    )
  ) {
    return filled.map(({ line, from }) => ({ value: parseLine(line, from), from }));
  }
  if (/^---\s*$/m.test(text) && !/\.json$/i.test(file)) {
    return yamlDocuments(text).flatMap((document) => listed(yamlValue(document), file));
  }
  return listed(jsonValue(text, name) ?? parseSource(text, file).value, file);
}

/** A document that is not valid YAML becomes a case that can't be decided; the others continue. */
function yamlValue(document: ReturnType<typeof yamlDocuments>[number]): unknown {
  const [error] = document.errors;
  if (error) return new Error(`is not YAML: ${error.message.split('\n')[0]}`);
  try {
    return document.toJS();
  } catch (cause) {
    return new Error(`is not YAML: ${asError(cause).message}`);
  }
}

/** Rejects duplicate keys, which JSON.parse accepts and the other readers reject. */
function jsonValue(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const tree = isTooDeep(value) ? undefined : jsonTree(text);
  if (!tree || 'root' in tree) return value;
  const { line, column } = positionsIn(text)(tree.mistake.offset);
  throw new InputError(`${name}:${line}:${column}: ${tree.mistake.message}`);
}

function isLineByLine(lines: readonly string[], file: string): boolean {
  if (/\.(?:jsonl|ndjson)$/i.test(file)) return true;
  return lines.length > 1 && lines.slice(0, 2).every((line) => typeof (jsonOrNothing(line) ?? '') === 'object');
}

/** A line that is not valid JSON becomes a case that can't be decided; the others continue. */
function parseLine(line: string, from: string): unknown {
  const tree = jsonTree(line);
  if ('root' in tree) return JSON.parse(line);
  const { offset, message } = tree.mistake;
  return new Error(`is not JSON: ${from}:${offset + 1}: ${message.replace(/\.$/, '')}`);
}

function listed(value: unknown, file: string): readonly Value[] {
  const from = file === '-' ? standardInput : file;
  return (Array.isArray(value) ? value : value === null ? [] : [value]).map((one: unknown) => ({
    value: one,
    from,
  }));
}

function caseOf(value: unknown, from: string, at: number): ReadCase {
  const given = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  const id = typeof given === 'string' || typeof given === 'number' ? String(given) : `case ${at + 1}`;
  if (value instanceof Error) return { id, from, kind: 'invalid', problems: [{ path: '', message: value.message }] };
  if (isTooDeep(value)) return { id, from, kind: 'invalid', problems: [{ path: '', message: tooDeep }] };
  const parsed = decisionCase.safeParse(value);
  const problems = parsed.success
    ? [...caseContradictions(parsed.data), ...savingProblems(parsed.data)]
    : caseProblemsOf(parsed.error, value);
  return parsed.success && problems.length === 0
    ? { id, from, kind: 'case', case: parsed.data }
    : { id, from, kind: 'invalid', problems };
}

/** The code that reads it is recursive, and a YAML alias may contain itself and never end. */
function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}
