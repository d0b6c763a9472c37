import type { Candidate, Diagnosis, Remedy } from '../../lambda/customer_configuration_check/report.ts';
import {
  confidences,
  effects,
  layers,
  type Side,
  sides,
} from '../../lambda/customer_configuration_check/vocabulary.ts';
import { fields, type Page, printable, wrap } from './page.ts';

const indent = '     ';

export interface DiagnosisView {
  /** Whom the report names already. */
  readonly deliverer?: string | undefined;
  readonly verbose: boolean;
}

/**
 * What one diagnosis says: what was refused, by whom, how sure that is; then what to do; and only then, for whom that
 * did not help, what else it may be.
 */
export function renderDiagnosis(diagnosis: Diagnosis, number: number, page: Page, view: DiagnosisView): string[] {
  const { width, paint } = page;
  const { denial, confidence, evidence, candidates, remedy, step } = diagnosis;
  // Where no layer is named, what it may be is the answer itself; else it is for whom the remedy did not help.
  const heading = denial.layer ? 'If it is not that, it may be' : 'It may be';
  const mayBe = renderCandidates(candidates, heading, page, view.verbose);
  const whatToDo = renderRemedy(remedy, page);
  const refused = [denial.action, denial.resource && `on ${denial.resource}`].filter(Boolean).join(' ');
  const rows = [
    step && row('step', step),
    refused && row('refused', refused),
    denial.principal && denial.principal !== view.deliverer && row('to', denial.principal),
    denial.layer && row('by', refusedBy(diagnosis)),
    row('confidence', `${confidence}. ${confidences[confidence]}`),
    ...evidence.map(({ source, detail }) => row('evidence', `${source}: ${detail}`)),
  ];
  return [
    ...wrap(diagnosis.summary, width, indent, `  ${number}. `).map((line) => paint.strong(line)),
    ...fields(rows.filter(isRow), width, indent),
    ...(denial.layer ? [...whatToDo, ...mayBe] : [...mayBe, ...whatToDo]),
  ];
}

type Row = readonly [label: string, text: string];
const row = (label: string, text: string): Row => [label, text];

function isRow(value: Row | '' | false | undefined): value is Row {
  return Array.isArray(value);
}

function refusedBy({ denial }: Diagnosis): string {
  const { layer, effect, side, accountId, statement, policyArn } = denial;
  const parts = [
    layer && `${layer}${effect ? `, ${effect}` : ''} (${layers[layer]}${effect ? ` ${effects[effect]}` : ''})`,
    side && ownerOf(side, accountId),
    statement && `statement ${statement.sid ?? `number ${statement.index + 1}`} of ${statement.policy}`,
    policyArn,
  ];
  return parts.filter(Boolean).join('; ');
}

/** They come with the likeliest first; somebody in a hurry needs no more than these. */
const candidatesInFull = 4;

function renderCandidates(
  candidates: readonly Candidate[],
  heading: string,
  { width, paint }: Page,
  verbose: boolean,
): string[] {
  if (candidates.length === 0) return [];
  const bullet = (text: string) => wrap(text, width, `${indent}  `, `${indent}- `);
  const inFull = verbose || candidates.length <= candidatesInFull + 1 ? candidates.length : candidatesInFull;
  const others = candidates.slice(inFull).map(nameOfCandidate);
  return [
    '',
    paint.strong(`${indent}${heading}`),
    ...candidates.slice(0, inFull).flatMap((candidate) => bullet(`${nameOfCandidate(candidate)}: ${candidate.why}`)),
    ...(others.length > 0 ? bullet(`${others.join(', ')} (--verbose says why)`) : []),
  ];
}

function nameOfCandidate({ layer, side, action }: Candidate): string {
  return [layer, action && `for ${action}`, side && `(${side})`].filter(Boolean).join(' ');
}

function renderRemedy(remedy: Remedy | undefined, { width, paint }: Page): string[] {
  if (!remedy) return [];
  const who = ownerOf(remedy.side, remedy.accountId);
  return [
    '',
    ...wrap(`What to do, by the ${who}`, width, indent).map((line) => paint.strong(line)),
    ...wrap(remedy.instruction, width, indent),
    ...(remedy.statement ? ['', ...statementLines(remedy.statement)] : []),
    ...(remedy.verified ? wrap(verifiedRemedy, width, indent) : []),
  ];
}

/** A mended fault may show another one behind it, so one change alone need not be enough. */
const verifiedRemedy =
  'Verified in a model of both accounts: with this change, and whatever else the check then asks for, the whole check passes; nothing else is opened.';

/** Never wrapped nor indented with anything but spaces, so that it can be pasted. */
function statementLines(statement: Readonly<Record<string, unknown>>): string[] {
  return JSON.stringify(statement, null, 2)
    .split('\n')
    .map((line) => `${indent}${printable(line)}`);
}

function ownerOf(side: Side, accountId: string | undefined): string {
  const account = side === 'service' ? 'Account A' : 'Account B';
  const described = accountId ? `${account}, ${accountId}` : sides[side].replace(/\.$/, '');
  return `${side} (${described})`;
}
