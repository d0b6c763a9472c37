import { layers } from '../../../core/layers.ts';
import type { Diagnosis } from '../../../core/report.ts';
import { confidences, effects, sideAndAccount } from '../../../core/vocabulary.ts';
import { candidatesInShort, otherStatement, renderCandidates } from './candidates.ts';
import { evidenceInShort, isAnswer, textOf } from './evidence.ts';
import { fields, type Page, withShortNames, wrap } from './page.ts';
import { goTogether, renderRemedies } from './remedy.ts';

const indent = '     ';

interface DiagnosisView {
  /** Whom the report names already. */
  readonly deliverer?: string | undefined;
  /** Every name in full, all evidence, and why each candidate is one. */
  readonly verbose: boolean;
  /** AWS's messages, and resources by their ARN, that the reader has seen already. */
  readonly told?: readonly string[];
}

/** The diagnoses of a report in their order; what has to be done in the same document stands below the last of them. */
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
 * What one diagnosis says: what was refused, by whom, how sure that is; then what to do; and only then, for whom that
 * did not help, what else it may be.
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
  const room = width - indent.length - labelWidth;
  const rows = [
    refused && row(isRefusal ? 'refused' : 'failed', refused),
    denial.resource && !told.includes(denial.resource) && row('on', denial.resource),
    denial.principal && denial.principal !== view.deliverer && row('to', denial.principal),
    denial.layer && row('by', verbose ? refusedBy(diagnosis) : inShort(diagnosis)),
    isRefusal && row('confidence', `${diagnosis.confidence}. ${meaningOf(diagnosis, verbose)}`),
    // Where no layer is named, what it may be is the answer itself, and stands below in full.
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

/** How sure a diagnosis is, in words. */
export function meaningOf({ confidence, candidates }: Diagnosis, verbose: boolean): string {
  const isAlone = confidence === 'inferred' && candidates.length === 0;
  if (isAlone) return 'The most likely explanation, and not a proven one.';
  const meaning = confidences[confidence];
  return verbose ? meaning : `${meaning.split(';')[0]?.replace(/\.$/, '')}.`;
}

function inShort({ denial }: Diagnosis): string {
  const { layer, effect } = denial;
  return [layer && (effect ? `${layer}, ${effect}` : layer), ...where(denial)].filter(Boolean).join('; ');
}

/** The layer with what it is, whose it is, and which statement or policy of it. */
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
