import { layers } from '../../../core/layers.ts';
import type { Candidate, Denial, Diagnosis, Evidence } from '../../../core/report.ts';
import { effects, sideAndAccount } from '../../../core/vocabulary.ts';
import { meaningOf } from '../report-words.ts';
import { fields, itemIndent as indent, type Page, withShortNames, wrap } from './page.ts';
import { goTogether, renderRemedies, statementLines } from './remedy.ts';

interface DiagnosisView {
  /** The principal that the report has already shown. */
  readonly deliverer?: string | undefined;
  /** Show every name in full, all evidence, and the reason for each candidate. */
  readonly verbose: boolean;
  /** AWS's messages, and resources by ARN, that the reader has already seen. */
  readonly told?: readonly string[];
}

/** The diagnoses of a report in order. A remedy shared by several in one document is below the last of them. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[], page: Page, view: DiagnosisView): string[][] {
  const told = [...(view.told ?? [])];
  let number = 0;
  return inGroups(diagnoses).map((group) => {
    const blocks = group.flatMap((diagnosis, at) => {
      const lines = whatIsWrong(diagnosis, ++number, page, { ...view, told });
      told.push(...diagnosis.evidence.filter(isAnswer).map(({ detail }) => detail));
      if (!view.verbose && diagnosis.denial.resource) told.push(diagnosis.denial.resource);
      return at === 0 ? lines : ['', ...lines];
    });
    return [...blocks, ...whatToDo(group, page, view)];
  });
}

/**
 * One diagnosis: what was denied, the layer that denied it and how certain that is; then what to do; then other
 * possible causes, in case that doesn't help.
 */
export function renderDiagnosis(diagnosis: Diagnosis, number: number, page: Page, view: DiagnosisView): string[] {
  return [...whatIsWrong(diagnosis, number, page, view), ...whatToDo([diagnosis], page, view)];
}

function inGroups(diagnoses: readonly Diagnosis[]): readonly (readonly Diagnosis[])[] {
  const groups: Diagnosis[][] = [];
  for (const diagnosis of diagnoses) {
    const group = groups.find(([first]) => first && goTogether(first, diagnosis));
    if (group && group === groups.at(-1)) group.push(diagnosis);
    else groups.push([diagnosis]);
  }
  return groups;
}

function whatIsWrong(diagnosis: Diagnosis, number: number, page: Page, view: DiagnosisView): string[] {
  const { width, paint } = page;
  const { denial, evidence, candidates, step, summary } = diagnosis;
  const { verbose, told = [] } = view;
  const isRefusal = Object.keys(denial).length > 0;
  const refused = [denial.action, step && `at ${step}`].filter(Boolean).join(' ');
  const isNew = (text: string) => !told.some((message) => text.endsWith(message));
  const unseen = evidence.filter((one) => !isAnswer(one) || isNew(one.detail));
  const meaning = meaningOf(diagnosis);
  const room = width - indent.length - labelWidth;
  const rows = [
    refused && row(isRefusal ? 'refused' : 'failed', refused),
    denial.resource && !told.includes(denial.resource) && row('on', denial.resource),
    denial.principal && denial.principal !== view.deliverer && row('to', denial.principal),
    denial.layer && row('by', verbose ? refusedBy(diagnosis) : inShort(diagnosis)),
    isRefusal &&
      row(
        'confidence',
        `${diagnosis.confidence}. ${verbose ? meaning : `${meaning.split(';')[0]?.replace(/\.$/, '')}.`}`,
      ),
    // If no layer is named, the candidates are the answer, and are listed in full below.
    !verbose && denial.layer && candidates.length > 0 && row('or else', candidatesInShort(candidates, denial)),
    ...(verbose ? unseen.map(textOf) : evidenceInShort(unseen, room)).map((text) => row('evidence', text)),
  ];
  return [
    ...wrap(verbose ? summary : withShortNames(summary), width, indent, `  ${number}. `).map((line) =>
      paint.strong(line),
    ),
    ...fields(rows.filter(isRow), width, indent),
    ...(denial.layer ? [] : renderCandidates(candidates, 'It may be', page, verbose)),
  ];
}

function whatToDo(group: readonly Diagnosis[], page: Page, { verbose }: DiagnosisView): string[] {
  const known = group.filter(({ denial }) => denial.layer);
  const others = verbose
    ? known.flatMap(({ candidates }) => renderCandidates(candidates, 'If it is not that, it may be', page, true))
    : known.flatMap(({ candidates }) => candidates.flatMap((candidate) => otherStatement(candidate, page)));
  return [
    ...renderRemedies(
      group.flatMap(({ remedy }) => (remedy ? [remedy] : [])),
      page,
      verbose,
    ),
    ...others,
  ];
}

type Row = readonly [label: string, text: string];
const row = (label: string, text: string): Row => [label, text];
const labelWidth = 'confidence'.length + 2;

function isRow(value: Row | '' | false | undefined): value is Row {
  return Array.isArray(value);
}

function inShort({ denial }: Diagnosis): string {
  const { layer, effect } = denial;
  return [layer && (effect ? `${layer}, ${effect}` : layer), ...where(denial)].filter(Boolean).join('; ');
}

/** The layer with a description, its owner, and its statement or policy that denies. */
export function refusedBy({ denial }: Diagnosis): string {
  const { layer, effect } = denial;
  const gloss = layer && `${layers[layer].words}${effect ? ` ${effects[effect]}` : ''}`;
  const named = layer && `${layer}${effect ? `, ${effect}` : ''} (${gloss})`;
  return [named, ...where(denial)].filter(Boolean).join('; ');
}

function where({ side, accountId, statement, policyArn }: Diagnosis['denial']): readonly (string | undefined)[] {
  return [
    side && sideAndAccount(side, accountId),
    statement && `statement ${statement.sid ?? `number ${statement.index + 1}`} of ${statement.policy}`,
    policyArn,
  ];
}

/** Candidates are sorted by likelihood, and readers need no more than these. */
const mostInFull = 4;

/** Candidates, each with its reason. */
function renderCandidates(candidates: readonly Candidate[], heading: string, page: Page, verbose: boolean): string[] {
  if (candidates.length === 0) return [];
  const { width, paint } = page;
  const bullet = (text: string) => wrap(text, width, `${indent}  `, `${indent}- `);
  const inFull = verbose || candidates.length <= mostInFull + 1 ? candidates.length : mostInFull;
  const others = candidates.slice(inFull).map(nameOfCandidate);
  return [
    '',
    paint.strong(`${indent}${heading}`),
    ...candidates
      .slice(0, inFull)
      .flatMap((candidate) => [
        ...bullet(`${nameOfCandidate(candidate)}: ${candidate.why}`),
        ...otherStatement(candidate, page),
      ]),
    ...(others.length > 0 ? bullet(`${others.join(', ')} (--verbose says why)`) : []),
  ];
}

/** For the same document as the remedy, so that one look shows which one is missing. */
function otherStatement({ remedy }: Candidate, { width }: Page): string[] {
  if (!remedy?.statement) return [];
  const words = `If it is missing in ${remedy.target ?? 'that document'}, add this too:`;
  return ['', ...wrap(words, width, `${indent}  `), '', ...statementLines(remedy.statement, width, indent)];
}

/** Only names, most likely first: `bucket-owner, region (customer); vpc-endpoint-policy (service); 2 more`. */
function candidatesInShort(candidates: readonly Candidate[], { action }: Denial): string {
  const isLonger = candidates.length > mostInFull + 1;
  const likeliest = isLonger ? candidates.slice(0, mostInFull) : candidates;
  const bySide = [...new Set(likeliest.map(({ side }) => side))];
  const groups = bySide.map((side) => {
    const ofSide = likeliest.filter((one) => one.side === side);
    const names = ofSide.map((one) =>
      one.action === undefined || one.action === action ? one.layer : `${one.layer} for ${one.action}`,
    );
    return `${[...new Set(names)].join(', ')}${side ? ` (${side})` : ''}`;
  });
  const more = isLonger ? [`${candidates.length - likeliest.length} more`] : [];
  return [...groups, ...more].join('; ');
}

function nameOfCandidate({ layer, side, action }: Candidate): string {
  return [layer, action && `for ${action}`, side && `(${side})`].filter(Boolean).join(' ');
}

/** The limit of evidence other than AWS's own answer, because readers need no more. */
const mostShown = 2;
const mostLines = 2;
/** On a narrow page, two lines are too short. */
const leastCharacters = 160;

/**
 * Evidence without --verbose: AWS's verbatim answer, then the reasoning, shortened.
 *
 * @param room columns for its text
 */
function evidenceInShort(evidence: readonly Evidence[], room: number): readonly string[] {
  const answers = evidence.filter(isAnswer);
  const others = evidence.filter((one) => !isAnswer(one));
  const shown = others.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, mostShown);
  return [
    ...answers.map((one) => (one.source === 'service-message' ? one.detail : textOf(one))),
    ...shown.map((one) => clipped(withShortNames(withoutPages(textOf(one))), room)),
  ];
}

function textOf({ source, detail }: Evidence): string {
  return `${source}: ${detail}`;
}

/** True for evidence that quotes AWS's own answer. */
export function isAnswer({ detail }: Evidence): boolean {
  return /^(?!Could not ask ).*?AWS answered /s.test(detail);
}

/** Order of evidence: the meaning of AWS's answer, answers to questions, open questions. */
function weightOf({ source, detail }: Evidence): number {
  if (source === 'service-message') return 1;
  return detail.startsWith('Could not ask ') ? -1 : 0;
}

function withoutPages(text: string): string {
  return text.replace(/ ?https:\/\/\S+/g, '');
}

/** As many whole sentences as fit. If not even the first one fits, its beginning. */
function clipped(text: string, room: number): string {
  const lines = wrap(text, room);
  const most = Math.max(mostLines, Math.ceil(leastCharacters / room));
  if (lines.length <= most) return text;
  const fitting = lines.slice(0, most).join(' ');
  const end = fitting.search(/\.(?= [A-Z])(?!.*\.(?= [A-Z]))/);
  return end > room / 2 ? fitting.slice(0, end + 1) : `${fitting.slice(0, most * room - 2).trimEnd()} …`;
}
