import { listOf, own } from './document.ts';
import { checkActions, checkResources, s3ResourcesIn } from './grammar-actions.ts';
import { checkCondition } from './grammar-conditions.ts';
import { checkPrincipals } from './grammar-principals.ts';
import type { GrammarSettings, PolicyElement, PolicyPath, ReportProblem } from './grammar-text.ts';
import { checkTexts, isMap, notText, placeholderIn, shown, textsIn } from './grammar-text.ts';
import { type PolicyKind, type PolicyKindRow, type PolicySize, policyKinds, whoSaves } from './policy-kinds.ts';

// Longer than 250 lines: one walk through a policy, element by element.

export type { GrammarSettings } from './grammar-text.ts';
export { type PolicyKind, whoSaves } from './policy-kinds.ts';

/** Why a policy would not be saved, or why a part of a saved policy has no effect. */
export interface PolicyProblem {
  /** A path such as `Statement[0].Action`; for an unexpected key, `Statement[0].#Actions`. */
  readonly path: string;
  /** The same path in parts, because keys may contain dots. */
  readonly at: PolicyPath;
  readonly message: string;
}

/**
 * Lists what IAM, Organizations, S3, KMS or Amazon VPC would reject in a policy of this type; empty if it would be
 * saved. Takes linear time.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyProblems(
  kind: PolicyKind,
  document: unknown,
  settings: GrammarSettings = {},
): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const report: ReportProblem = (at, message, mark) => problems.push({ path: pathOf(at, mark), at, message });
  checkShape(document, report);
  // The other rules don't apply to something that is not a policy document.
  if (problems.length === 0) checkDocument(kind, document as object, settings, report);
  return problems;
}

/** The same problems, each as one text. */
export function policyErrors(kind: PolicyKind, document: unknown, settings?: GrammarSettings): readonly string[] {
  return policyProblems(kind, document, settings).map(({ path, message }) => (path ? `${path}: ${message}` : message));
}

/** The first items, and the number of the others. */
export function firstOf<T>(all: readonly T[], limit = 20): { readonly first: readonly T[]; readonly more: number } {
  return { first: all.slice(0, limit), more: Math.max(0, all.length - limit) };
}

/** `AWS Organizations would refuse this service control policy` */
export function refusalOf(kind: PolicyKind): string {
  return `${whoSaves(kind)} would refuse this ${kind.replaceAll('-', ' ')}`;
}

function pathOf(at: PolicyPath, mark?: '#'): string {
  return at.reduce<string>((path, part, index) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    const name = mark && index === at.length - 1 ? `#${part}` : part;
    return path === '' ? name : `${path}.${name}`;
  }, '');
}

/** Statement, its index, Condition, operator, key, index: policies have no more levels. */
const deepest = 8;

/** Faults because of which it is not a policy document of any type. */
function checkShape(document: unknown, report: ReportProblem): void {
  if (!isMap(document)) {
    report(
      [],
      `A policy must be an object with a Statement, not ${Array.isArray(document) ? 'a list' : typeof document}.`,
    );
    return;
  }
  const statements = own(document, 'Statement') ?? undefined;
  if (listOf(statements).length === 0) {
    const [at, lack] = statements === undefined ? [[], 'missing'] : [['Statement'], 'empty'];
    report(at, `Statement is ${lack}: a policy has at least one statement.`);
    return;
  }
  for (const [statement, at] of statementsOf(statements))
    if (!isMap(statement)) report(at, 'A statement must be an object.');
  checkLevels(document, report);
}

function checkLevels(document: object, report: ReportProblem): void {
  const open: { readonly value: unknown; readonly at: PolicyPath }[] = [{ value: document, at: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, at } = next;
    if (value === null) report(at, `${shown(String(at.at(-1)))} has no value.`);
    else if (typeof value === 'object') {
      if (at.length > deepest) {
        report(at, 'It is nested too deeply.');
        continue;
      }
      const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
      for (const [key, item] of entries) {
        if (typeof item === 'object') open.push({ value: item, at: [...at, key] });
      }
    }
  }
}

function statementsOf(statements: unknown): readonly (readonly [unknown, PolicyPath])[] {
  return listOf(statements).map((statement, index) => [statement, ['Statement', index]]);
}

const documentKeys: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement']);
const elements = ['Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const statementKeys: ReadonlySet<string> = new Set(['Sid', 'Effect', ...elements]);

function checkDocument(kind: PolicyKind, document: object, settings: GrammarSettings, report: ReportProblem): void {
  const grammar: PolicyKindRow = policyKinds[kind];
  checkKeys(document, documentKeys, [], report);
  const version = own(document, 'Version');
  if (!grammar.versions.some((one) => one === version)) {
    const allowed = grammar.versions.flatMap((one) => (one === undefined ? [] : [`"${one}"`])).join(' or ');
    report(version === undefined ? [] : ['Version'], `Version must be ${allowed}.`);
  }
  const id = own(document, 'Id');
  if (id !== undefined && typeof id !== 'string') report(['Id'], notText('Id', id));
  const sids = new Map<string, number>();
  for (const [statement, at] of statementsOf(own(document, 'Statement'))) {
    if (isMap(statement)) checkStatement({ kind, grammar, settings, report, value: statement, at }, sids);
  }
  checkSize(grammar, document, report);
}

function checkKeys(map: object, known: ReadonlySet<string>, at: PolicyPath, report: ReportProblem): void {
  const allowed = [...known].join(', ');
  for (const key of Object.keys(map)) {
    if (!known.has(key)) report([...at, key], `Invalid key ${shown(key)}. Allowed: ${allowed}.`, '#');
  }
}

function checkStatement(part: PolicyElement<object>, sids: Map<string, number>): void {
  const { grammar, value: statement, at, report } = part;
  checkKeys(statement, statementKeys, at, report);
  checkSid(part, sids);
  const effect = own(statement, 'Effect');
  if (!grammar.effects.some((one) => one === effect)) {
    const allowed = grammar.effects.map((one) => `"${one}"`).join(' or ');
    report(effect === undefined ? at : [...at, 'Effect'], `Effect must be ${allowed}.`);
  }
  checkWhich(part);
  const texts = (element: string) => textsIn(own(statement, element), []).map(({ text }) => text);
  const resources = texts('Resource');
  for (const name of elements) {
    const element = { ...part, value: own(statement, name), at: [...at, name] };
    if (element.value === undefined) continue;
    if (name.endsWith('Principal')) {
      if (grammar.principal !== 'forbidden') checkPrincipals(element);
    } else if (name === 'Condition') checkCondition(element, texts('Action'));
    else {
      // IAM answers “Policy statement must contain actions”, or resources.
      checkTexts(element.value, element.at, report, `${name} is empty: it needs at least one value.`);
      const about = name === 'Action' && resources.length > 0 ? s3ResourcesIn(resources) : undefined;
      if (name.endsWith('Resource')) checkResources(element);
      else checkActions(element, about);
    }
    checkPlaceholders(element.value, element.at, report);
  }
}

/**
 * Sids may be empty, and several may:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html
 */
function checkSid({ grammar, value: statement, at, report }: PolicyElement<object>, sids: Map<string, number>): void {
  const sid = own(statement, 'Sid');
  if (sid === undefined || sid === '') return;
  const place = [...at, 'Sid'];
  if (typeof sid !== 'string') {
    report(place, notText('Sid', sid));
    return;
  }
  if (grammar.sid !== 'any' && !/^[0-9A-Za-z]*$/.test(sid))
    report(place, `The Sid ${shown(JSON.stringify(sid))} must be letters and digits only.`);
  const first = sids.get(sid);
  if (first === undefined) sids.set(sid, Number(at.at(-1)) + 1);
  else if (grammar.repeatedSids === 'refused')
    report(place, `The Sid ${shown(sid)} is that of statement ${first} already: Sids must be unique within a policy.`);
}

/** Checks which elements are required, allowed and forbidden. */
function checkWhich({ kind, grammar, value: statement, at, report }: PolicyElement<object>): void {
  const has = (element: string) => own(statement, element) !== undefined;
  const name = kind.replaceAll('-', ' ');
  const forbid = (element: string, because: string) => {
    if (has(element)) report([...at, element], `${element} is not allowed in this ${name}${because}.`, '#');
  };
  for (const element of ['Principal', 'Action', 'Resource']) {
    const negated = `Not${element}`;
    if (has(element) && has(negated)) report(at, `Only one of ${element} and ${negated} is allowed, found both.`);
  }
  if (grammar.principal === 'forbidden') forbid('Principal', ': it applies to the identity it is attached to');
  if (grammar.principal !== 'or NotPrincipal') forbid('NotPrincipal', '');
  if (grammar.principal !== 'forbidden' && !has('Principal') && !has('NotPrincipal'))
    report(at, `Principal is missing: each statement must name the principals it is about.`);

  if (!grammar.notAction) forbid('NotAction', '');
  if (!has('Action') && !has('NotAction')) report(at, `Action is missing${ineffective(grammar)}.`);

  if (grammar.resource === 'forbidden') {
    forbid('Resource', ': it is about its role');
    forbid('NotResource', ': it is about its role');
  } else if (!has('Resource') && !has('NotResource')) {
    const remedy =
      grammar.resource === 'required' ? ': each statement must say what it is about' : ineffective(grammar);
    report(at, `Resource is missing${remedy}.`);
  }
}

function ineffective({ resource, service }: PolicyKindRow): string {
  if (resource !== 'ineffective without') return ': each statement must say what it allows or denies';
  return `: ${service.replace('AWS ', '')} saves a statement without it, which then has no effect; as Resource, "*" is the key itself`;
}

function checkPlaceholders(value: unknown, at: PolicyPath, report: ReportProblem): void {
  if (typeof value === 'string') {
    const placeholder = placeholderIn(value);
    if (placeholder !== undefined)
      report(
        at,
        `${shown(placeholder)} is not a policy variable. AWS may save it, but it matches only itself: write the value in its place.`,
      );
  } else if (typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [key, item] of entries) checkPlaceholders(item, [...at, key], report);
  }
}

function checkSize({ size, latin1 }: PolicyKindRow, document: object, report: ReportProblem): void {
  const text = JSON.stringify(document);
  const found = sizeIn(size.unit, text);
  if (found > size.limit)
    report(
      [],
      `The policy is too long: ${found} ${size.unit}${size.unit === 'bytes' ? '' : ', white space outside of strings not counted'}, where at most ${size.limit} are allowed.`,
    );
  const odd = latin1 ? /[^\t\n\r -\u00ff]/.exec(text) : null;
  if (odd) report([], `The policy has the character ${shown(odd[0])}: only those up to U+00FF are allowed.`);
}

/** The size of a document without white space, as JSON.stringify writes it. */
export function sizeIn(unit: PolicySize['unit'], text: string): number {
  if (unit === 'characters') return text.length;
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
