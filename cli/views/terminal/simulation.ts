import { printable } from '../../../core/printable.ts';
import { firstOf } from '../../../policy/grammar.ts';
import { type Refusal, type StatementReference, whyNoMatch } from '../../../policy/index.ts';
import type { CaseProblem } from '../../simulate/problems.ts';
import type { SimulatedCase } from '../../simulate/simulate-case.ts';
import { counted, type Page, wrap } from './page.ts';

/** One decided case: what was asked, what was decided, and the statement that decided it. */
export function renderSimulated(
  { id, name, request, decision, expected }: SimulatedCase,
  { width, paint }: Page,
): string {
  const { outcome, refusals, allowing, unknown } = decision;
  const isAsExpected = expected === undefined || expected === outcome;
  const colors = { allowed: paint.good, denied: paint.bad, unknown: paint.warn };
  const marks = { allowed: '✓', denied: '✗', unknown: '?' };
  const verdict = colors[outcome](`${marks[outcome]} ${outcome}`);
  const note =
    expected === undefined ? '' : isAsExpected ? ', as expected' : paint.bad(`, but ${expected} is expected`);
  const asked = `${printable(request.action)} on ${printable(request.resource)}`;
  const title = name === undefined || name === '' ? '' : `: ${printable(name)}`;
  const certain = refusals.filter(({ hangsOn }) => hangsOn === undefined);
  const reasons =
    outcome === 'allowed'
      ? allowing.map(({ layer, statement }) => `${layerWords(layer)}: ${statementWords(statement)} allows it.`)
      : (outcome === 'denied' ? certain : refusals).map(reasonOf);
  const missing =
    unknown.length === 0 ? [] : [`Unknown: ${unknown.join(', ')}. Add the value to the request's context.`];
  return [
    `${verdict}${note}  ${paint.strong(printable(id))}${title}`,
    `    ${paint.faint(asked)}`,
    ...[...reasons, ...missing].flatMap((reason) => wrap(reason, width, '      ', '    ')),
    '',
  ].join('\n');
}

function reasonOf({ layer, effect, statement, why, mismatches = [], hangsOn }: Refusal): string {
  const words = layerWords(layer);
  const may = hangsOn !== undefined;
  if (effect === 'explicit') {
    if (!statement) return `${words}: ${why}.`;
    return `${words}: ${statementWords(statement)} ${may ? 'may deny' : 'denies'} it.`;
  }
  const nothing = `${words}: ${may ? 'perhaps ' : ''}no statement allows it`;
  return statement ? `${nothing}. Closest is ${statementWords(statement)}: ${whyNoMatch(mismatches)}.` : `${nothing}.`;
}

function layerWords(layer: string): string {
  const words = layer.replaceAll('-', ' ').replace(/^vpc/, 'VPC');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function statementWords({ policy, sid, index }: StatementReference): string {
  const which = sid === undefined ? `statement ${index + 1}` : `${sid} (statement ${index + 1})`;
  return policy === '' ? which : `${which} of ${policy}`;
}

export function renderInvalidCase(id: string, from: string, problems: readonly CaseProblem[]): string {
  const { first, more } = firstOf(problems);
  const told = first.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}.`);
  return [
    `${from}: ${id} can't be decided:`,
    ...told,
    ...(more > 0 ? [`  … and ${counted(more, 'further problem')}.`] : []),
    '',
  ]
    .map(printable)
    .join('\n');
}

export interface SimulationCounts {
  readonly cases: number;
  readonly invalid: number;
  readonly expected: number;
  readonly asExpected: number;
}

export function renderCounts({ cases, invalid, expected, asExpected }: SimulationCounts): string {
  const decided = `${counted(cases - invalid, 'case')} decided`;
  const right = expected > 0 ? `, ${asExpected} of ${expected} as expected` : '';
  return `${decided}${right}${invalid > 0 ? `, ${invalid} invalid` : ''}.\n`;
}
