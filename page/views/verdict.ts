import { edgeStates, verdictLooks } from '../../cli/views/edge-states.ts';
import { icon } from '../../cli/views/html/pieces.ts';
import { prose } from '../../cli/views/html/prose.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import { counted } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import type { JudgedQuestion } from '../../model/preflight/judge.ts';
import type { PageFindings } from '../findings.ts';

export interface VerdictView {
  readonly title: string;
  readonly tone: string;
  readonly body: Html;
  /** For screen readers. */
  readonly sentence: string;
}

/** The verdict in a sentence, and the documents that it is based on. */
export function verdictOf(findings: PageFindings): VerdictView {
  const { mark, title, sentence } = wordsOf(findings);
  const basis = basisOf(findings);
  return {
    title,
    tone: mark.tone,
    sentence: `${title}. ${sentence}`,
    body: html`<h2 class="badge">${icon(mark)} ${title}</h2><p class="lead">${prose(sentence)}</p>${basis && html`<p class="gloss">${basis}</p>`}`,
  };
}

interface Words {
  readonly mark: (typeof edgeStates)[keyof typeof edgeStates];
  readonly title: string;
  readonly sentence: string;
}

function wordsOf(findings: PageFindings): Words {
  const { report, problems, questions, checked, unused } = findings;
  if (!report || problems.length > 0)
    return { mark: edgeStates.broken, title: 'Not checked', sentence: firstOf(findings) };
  const { verdict, diagnoses } = report;
  const mark = { ...edgeStates.allowed, ...verdictLooks[verdict] } as Words['mark'];
  if (verdict === 'passed') {
    return checked.length === 0
      ? {
          mark: edgeStates.untold,
          title: 'None of your documents are checked yet',
          sentence: 'The shipped template works as it is. Paste or drop your own documents to check them.',
        }
      : passed(report, mark, unused);
  }
  if (verdict === 'inconclusive')
    return { mark, title: 'Not known yet', sentence: `The documents don't say everything. ${whatToAnswer(questions)}` };
  const title = verdict === 'denied' ? 'Reports will be refused' : "Reports can't be delivered as required";
  const others = diagnoses.length > 1 ? ` ${counted(diagnoses.length - 1, 'more fault')} below.` : '';
  return { mark, title, sentence: `${diagnoses[0]?.summary ?? 'See below.'}${others}` };
}

function firstOf({ problems, titleOf }: PageFindings): string {
  const [first] = problems;
  if (!first) return 'There is nothing to check.';
  const where = titleOf(first.document) ?? (first.field === undefined ? undefined : 'Your answer');
  const line = first.line === undefined ? '' : `, line ${first.line}`;
  const more = problems.length > 1 ? ` And ${counted(problems.length - 1, 'more problem')}.` : '';
  return `${where === undefined ? '' : `${where}${line}: `}${sentenceOf(first.message)}${more}`;
}

function sentenceOf(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Some questions have no field: only the owner of an account can answer them. */
function whatToAnswer(questions: readonly JudgedQuestion[]): string {
  const isAnswerable = ({ fields, part }: JudgedQuestion) => fields.length > 0 || part !== undefined;
  const open = questions.filter((one) => !isAnswerable(one)).length;
  if (open === 0) return 'Answer the questions below.';
  const rest = open < questions.length ? 'Even with the other answers,' : 'Until then,';
  return `${counted(open, 'question')} below can be answered only by the owner of the account. ${rest} the result stays open.`;
}

/** Contradicting documents must be corrected even if the check would pass with them. */
function passed({ notes = [] }: Report, mark: Words['mark'], unused: PageFindings['unused']): Words {
  if (unused.length > 0) {
    const sentence = `The other documents allow the delivery, but this is not used: ${listed(unused)}. Choose what it is checked as, or remove it.`;
    return { mark: edgeStates.suspected, title: 'Not right yet', sentence };
  }
  const contradiction = notes.find(({ kind }) => kind === 'contradiction');
  if (!contradiction) return { mark, title: 'It works', sentence: 'With these documents reports can be delivered.' };
  const sentence = `The policies allow the delivery, but the documents contradict each other: ${contradiction.detail}`;
  return { mark: edgeStates.suspected, title: 'Not right yet', sentence };
}

function basisOf({ report, checked, shipped, unused }: PageFindings): string | undefined {
  const isSaid = report?.verdict === 'passed' && checked.length > 0;
  const left = unused.length > 0 && !isSaid ? [`Not used: ${listed(unused)}.`] : [];
  const used = report && checked.length > 0 ? [`Checked: ${few(checked)}.`] : [];
  const rest =
    used.length > 0 && shipped.length > 0
      ? [`Not given, so taken from the shipped template: ${shipped.join(', ')}.`]
      : [];
  return [...used, ...rest, ...left].join(' ') || undefined;
}

/** Files that are not used for the same reason are named together. */
function listed(unused: PageFindings['unused']): string {
  const reasons = [...new Set(unused.map(({ what }) => what))];
  return reasons
    .map((what) => {
      const names = unused.filter((one) => one.what === what).map(({ name }) => name);
      return names.length === 1 ? `${names[0]} ${what}` : `${few(names)}: each ${what}`;
    })
    .join('; ');
}

const mostNamed = 4;

function few(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const more = distinct.length - mostNamed;
  return more > 1 ? `${distinct.slice(0, mostNamed).join(', ')} and ${more} more` : distinct.join(', ');
}
