import { accountIn } from '../../../core/arn.ts';
import { counted, printable } from '../../../core/printable.ts';
import { firstOf } from '../../../policy/grammar.ts';
import type { Mismatch, Refusal, StatementReference } from '../../../policy/index.ts';
import type { CaseProblem } from '../../simulate/case-problems.ts';
import { clausesOn, type SimulatedCase } from '../../simulate/simulate-case.ts';
import { type Page, wrap } from './page.ts';

/** One decided case: the request, the decision, and the statement that decided it. */
export function renderSimulated(simulated: SimulatedCase, { width, paint }: Page): string {
  const { id, name, request, decision, expected } = simulated;
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
      : (outcome === 'denied' ? certain : refusals).map((refusal) => reasonOf(refusal, simulated));
  const missing =
    unknown.length === 0 ? [] : [`Unknown: ${unknown.join(', ')}. Add the value to the request's context.`];
  return [
    `${verdict}${note}  ${paint.strong(printable(id))}${title}`,
    `    ${paint.faint(asked)}`,
    ...[...reasons, ...missing].flatMap((reason) => wrap(reason, width, '      ', '    ')),
    '',
  ].join('\n');
}

function reasonOf(refusal: Refusal, { request, settings }: SimulatedCase): string {
  const { layer, effect, statement, why, mismatches = [], conditions = [], hangsOn } = refusal;
  const words = layerWords(layer);
  const may = hangsOn !== undefined;
  if (!statement)
    return `${words}: ${may && effect === 'implicit' ? 'perhaps ' : ''}${why}${insteadOf(refusal, request)}.`;
  if (effect === 'explicit') {
    const because = conditions.length === 0 ? '' : `: ${clausesOn(conditions)}`;
    return `${words}: ${statementWords(statement)} ${may ? 'may deny' : 'denies'} it${because}.`;
  }
  const isGateway = layer === 'vpc-endpoint-policy' && settings?.gatewayEndpoint === true;
  const isAccount = mismatches.some(({ element, wanted }) => element === 'Principal' && wanted.some(isWholeAccount));
  const gateway = isGateway && isAccount ? '. At a gateway endpoint an account as Principal is its root user only' : '';
  const nothing = `${words}: ${may ? 'perhaps ' : ''}no statement allows it${insteadOf(refusal, request)}`;
  return `${nothing}. Closest is ${statementWords(statement)}: ${clausesOn(mismatches)}${variablesIn(mismatches, request)}${gateway}.`;
}

function isWholeAccount(principal: string): boolean {
  return /^(?:\d{12}|.*:root)$/.test(principal);
}

/** Within one account, a resource's policy that names the caller would be enough. */
function insteadOf({ layer }: Refusal, { principal, resourceAccount }: SimulatedCase['request']): string {
  const isOwn = layer === 'identity-policy' && accountIn(principal) === resourceAccount;
  return isOwn ? ", and the resource's policy does not name the caller" : '';
}

/** If a variable is not replaced, it has no value, or the policy has a Version before 2012-10-17. */
function variablesIn(mismatches: readonly Mismatch[], { context = {} }: SimulatedCase['request']): string {
  const written = mismatches.flatMap(({ wanted }) => wanted.flatMap((one) => [...one.matchAll(/\$\{([^},]+)/g)]));
  const keys = new Set(written.map(([, key = '']) => key.trim()));
  if (keys.size === 0) return '';
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const missing = [...keys].filter((key) => !given.has(key.toLowerCase()));
  return missing.length > 0
    ? `. The request has no ${missing.join(', ')}`
    : '. Without "Version": "2012-10-17" a variable is plain text';
}

function layerWords(layer: string): string {
  const words = layer
    .replaceAll('-', ' ')
    .replace(/^vpc/, 'VPC')
    .replace(/^block/, 'S3 block');
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

interface SimulationCounts {
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
