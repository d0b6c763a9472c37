import { icon } from '../../cli/views/html/pieces.ts';
import { edgeStates, verdictLooks } from '../../cli/views/html/states.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import { counted, prose } from '../../cli/views/html/words.ts';
import type { Report } from '../../core/report.ts';

export interface VerdictView {
  readonly report?: Report | undefined;
  readonly problems: readonly string[];
  readonly questions: number;
  /** Titles of the documents that were checked, and of those that the shipped template stands for. */
  readonly checked: readonly string[];
  readonly shipped: readonly string[];
  /** Names of those that are not used, with the reason. */
  readonly unused: readonly string[];
}

export interface Verdict {
  readonly tone: string;
  readonly body: Html;
  /** For who hears the page. */
  readonly sentence: string;
}

/** Whether it works, in a sentence; and what that rests on. */
export function verdictOf(view: VerdictView): Verdict {
  const { mark, title, sentence } = wordsOf(view);
  const basis = basisOf(view);
  return {
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

function wordsOf({ report, problems, questions, checked, unused }: VerdictView): Words {
  if (!report || problems.length > 0) {
    const more = problems.length > 1 ? ` And ${counted(problems.length - 1, 'more problem')}.` : '';
    return {
      mark: edgeStates.broken,
      title: 'Not checked',
      sentence: `${problems[0] ?? 'There is nothing to check.'}${more}`,
    };
  }
  const { verdict, diagnoses } = report;
  const looks = { ...edgeStates.allowed, ...verdictLooks[verdict] } as Words['mark'];
  if (verdict === 'passed') {
    return checked.length === 0
      ? {
          mark: edgeStates.untold,
          title: 'Nothing of yours is checked yet',
          sentence: 'The shipped template works as it is. Paste or drop your own documents to check them.',
        }
      : passed(report, looks, unused);
  }
  if (verdict === 'inconclusive') {
    const what = questions === 0 ? 'See below what is missing.' : `Answer ${counted(questions, 'question')} below.`;
    return { mark: looks, title: 'Not known yet', sentence: `It depends on what the documents don't say. ${what}` };
  }
  const title = verdict === 'denied' ? 'Reports will be refused' : "Reports can't be delivered as they must be";
  const others = diagnoses.length > 1 ? ` ${counted(diagnoses.length - 1, 'more fault')} below.` : '';
  return { mark: looks, title, sentence: `${diagnoses[0]?.summary ?? 'See below.'}${others}` };
}

/** Documents that contradict each other are to be corrected, even where what they say together would pass. */
function passed({ notes = [] }: Report, mark: Words['mark'], unused: readonly string[]): Words {
  if (unused.length > 0) {
    const sentence = `The other documents allow the delivery, and this is not used: ${unused.join('; ')}. Choose what it is checked as, or clear it.`;
    return { mark: edgeStates.suspected, title: 'Not right yet', sentence };
  }
  const contradiction = notes.find(({ kind }) => kind === 'contradiction');
  if (!contradiction) return { mark, title: 'It works', sentence: 'With these documents reports can be delivered.' };
  const sentence = `The policies allow the delivery, but the documents contradict each other: ${contradiction.detail}`;
  return { mark: edgeStates.suspected, title: 'Not right yet', sentence };
}

function basisOf({ report, checked, shipped, unused }: VerdictView): string | undefined {
  if (unused.length > 0 && (report?.verdict !== 'passed' || checked.length === 0))
    return `Not used: ${unused.join('; ')}`;
  if (!report || checked.length === 0) return undefined;
  const rest = shipped.length === 0 ? '' : ` Not given, so taken from the shipped template: ${shipped.join(', ')}.`;
  return `Checked: ${checked.join(', ')}.${rest}`;
}
