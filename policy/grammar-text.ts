import { listOf } from './document.ts';
import type { PolicyKind, PolicyKindRow } from './policy-kinds.ts';

/** A key of a map, or an index of a list, on the path to a value. */
export type PolicyPath = readonly (string | number)[];

/** @param at its path; a missing or unexpected part is the last element */
export type ReportProblem = (at: PolicyPath, message: string, mark?: '#') => void;

/** A text of a document for a message: shortened, and without control characters. */
export function shown(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 117)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, (character) =>
    JSON.stringify(character).slice(1, -1).padEnd(2, ' '),
  );
}

export interface GrammarSettings {
  /** `aws`, `aws-us-gov`, `aws-cn`, … @default any */
  readonly partition?: string;
  /**
   * The bucket of a bucket policy. If set, resources must be in it, and actions and condition keys must apply to
   * them.
   */
  readonly bucket?: string;
  /** Set to skip checking names of actions and condition keys, for a policy that AWS saved or a thought experiment. */
  readonly anyNames?: true;
}

/** A statement or one of its elements, and what the rules about it depend on. */
export interface PolicyElement<Value = unknown> {
  readonly kind: PolicyKind;
  readonly grammar: PolicyKindRow;
  readonly settings: GrammarSettings;
  readonly report: ReportProblem;
  readonly value: Value;
  readonly at: PolicyPath;
}

export interface TextAt {
  readonly text: string;
  readonly at: PolicyPath;
}

/** The texts of a value that is a text or a list of texts. */
export function textsIn(value: unknown, at: PolicyPath): readonly TextAt[] {
  if (typeof value === 'string') return [{ text: value, at }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (typeof item === 'string' ? [{ text: item, at: [...at, index] }] : []));
}

/** Reports values that are not texts, where a text or a list of texts is required. */
export function checkTexts(value: unknown, at: PolicyPath, report: ReportProblem, whenEmpty: string): void {
  const list = listOf(value);
  if (list.length === 0) report(at, whenEmpty);
  for (const [index, item] of list.entries())
    if (typeof item !== 'string') report(list === value ? [...at, index] : at, notText(String(at.at(-1)), item));
}

const variable = /\$\{([^}]*)\}/g;
/** Names of other tools' placeholders that look like condition keys: https://www.serverless.com/framework/docs/guides/variables */
const toolsOwn = /^(?:self|opt|env|cf|param|sls|file|git|terraform):/;

/**
 * Finds text that only looks like a policy variable. Every variable is a condition key, which contains a colon.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function placeholderIn(text: string): string | undefined {
  if (!text.includes('${')) return undefined;
  for (const [whole, inner = ''] of text.matchAll(variable)) {
    const name = inner.split(',')[0]?.trim() ?? '';
    const isEscape = name === '*' || name === '?' || name === '$';
    const isKey = /^[a-z0-9][\w.\-/]*:[a-z]/i.test(name) && !name.includes('::') && !toolsOwn.test(name);
    if (!isEscape && !isKey) return whole;
  }
  return undefined;
}

/** Partitions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionName = /^aws(?:-[a-z]+)*$/;

/** An account ID without quotes is a number, in JSON and in YAML. */
export function notText(element: string, value: unknown): string {
  return typeof value === 'object'
    ? `${element} must be a text, or a list of texts.`
    : `${element} is a ${typeof value}, where only text is allowed: put it in double quotes.`;
}

export function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
