import { namesOf } from '../../core/vocabulary.ts';
import type { Observed, ObservedReport, RecordedAnswer } from './observed-check.ts';

export const aspects = {
  answer: 'every answer of AWS: status, code, message, headers',
  verdict: 'the verdict of the report',
  step: 'the status of each step, and the one that was denied',
  layer: 'what the diagnoses name, and how certain they are',
} as const;
type Aspect = keyof typeof aspects;

export interface AnswerDifference {
  readonly aspect: Aspect;
  /** The request or the part of the report. */
  readonly where: string;
  /** AWS's value; absent if only the check in the sandbox sent the request. */
  readonly aws?: string;
  readonly sandbox?: string;
}

export function differences(aws: Observed, sandbox: Observed): readonly AnswerDifference[] {
  return [...answersCompared(aws.answers, sandbox.answers), ...reportsCompared(aws.report, sandbox.report)];
}

/** True if an answer shows by itself that its world is in effect: it differs from the previous world's answer. */
export function tells(answer: Observed, before: Observed | undefined): boolean {
  return answer.report.verdict !== 'passed' && before !== undefined && differences(before, answer).length > 0;
}

function reportsCompared(aws: ObservedReport, sandbox: ObservedReport): readonly AnswerDifference[] {
  const steps = ({ steps, deniedStep }: ObservedReport) =>
    [...steps.map(({ step, status }) => `${step} ${status}`), ...(deniedStep ? [`denied at ${deniedStep}`] : [])].join(
      ', ',
    );
  const layers = ({ diagnoses }: ObservedReport) =>
    diagnoses
      .map(({ step, action, layer = 'unknown layer', effect, side, confidence }) =>
        [step, action, layer, effect, side, confidence].filter(Boolean).join(' '),
      )
      .join('; ') || 'no diagnosis';
  const verdict = ({ verdict: said, problem }: ObservedReport) => (problem ? `${said}: ${problem}` : said);
  const pairs: readonly (readonly [Aspect, string, (report: ObservedReport) => string])[] = [
    ['verdict', 'verdict', verdict],
    ['step', 'steps', steps],
    ['layer', 'diagnoses', layers],
  ];
  return pairs.flatMap(([aspect, where, told]) => compared(aspect, where, told(aws), told(sandbox)));
}

function compared(
  aspect: Aspect,
  where: string,
  aws: string | undefined,
  sandbox: string | undefined,
): readonly AnswerDifference[] {
  if (aws === sandbox) return [];
  return [{ aspect, where, ...(aws !== undefined && { aws }), ...(sandbox !== undefined && { sandbox }) }];
}

/** Compares the nth requests of each kind, because concurrent requests arrive in any order. */
function answersCompared(
  aws: readonly RecordedAnswer[],
  sandbox: readonly RecordedAnswer[],
): readonly AnswerDifference[] {
  const [ours, theirs] = [numbered(sandbox), numbered(aws)];
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((request) => {
    const [there, here] = [theirs.get(request), ours.get(request)];
    if (!there || !here) return compared('answer', request, there && brief(there), here && brief(here));
    const names = [...new Set([...Object.keys(there), ...Object.keys(here)])];
    const part = (parts: Parts, name: string) => parts[name] ?? 'absent';
    return names.flatMap((name) => compared('answer', `${request}: ${name}`, part(there, name), part(here, name)));
  });
}

type Parts = Readonly<Record<string, string>>;

function numbered(answers: readonly RecordedAnswer[]): ReadonlyMap<string, Parts> {
  const counts = new Map<string, number>();
  return new Map(
    answers.map((answer) => {
      const count = (counts.get(answer.request) ?? 0) + 1;
      counts.set(answer.request, count);
      return [count === 1 ? answer.request : `${answer.request} (${count})`, partsOf(answer)] as const;
    }),
  );
}

function partsOf({ status, code, message, headers = {}, told = {} }: RecordedAnswer): Parts {
  return Object.fromEntries([
    ['status', status === undefined ? 'no answer' : String(status)],
    ...(code === undefined ? [] : [['code', code] as const]),
    ...(message === undefined ? [] : [['message', message] as const]),
    ...Object.entries(headers),
    ...Object.entries(told).map(([name, values]) => [name, values.join(', ')] as const),
  ]);
}

function brief({ status = '', code = '', message = '' }: Parts): string {
  return [status, code, message].filter(Boolean).join(' ');
}

export interface WorldResult {
  readonly file: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly differences: readonly AnswerDifference[];
  /** The number of checks until the answer counted. */
  readonly checks: number;
  /** False if AWS's answer was still changing at the deadline. */
  readonly isStable: boolean;
  /** Diagnoses of AWS's report that are called proven but match no fault. */
  readonly wronglyProven: number;
  /** Why AWS rejected the world. */
  readonly refusal?: { readonly operation: string; readonly code: string; readonly message: string };
}

const outcomes = {
  same: 'AWS and the sandbox say the same',
  different: 'something differs',
  'not-put': 'AWS refused one of the documents, so that there is no answer',
} as const;
type Outcome = keyof typeof outcomes;

/** The number of tried worlds that are the same, in total and by folder. */
interface Tally extends Readonly<Record<Aspect, number>> {
  readonly folder: string;
  readonly worlds: number;
  readonly notPut: number;
}

export function talliesOf(results: readonly WorldResult[]): readonly Tally[] {
  const folders = [...new Set(results.map(({ file }) => folderOf(file)))].sort();
  return [
    ...folders.map((folder) =>
      tallyOf(
        folder,
        results.filter(({ file }) => folderOf(file) === folder),
      ),
    ),
    tallyOf('all', results),
  ];
}

function tallyOf(folder: string, results: readonly WorldResult[]): Tally {
  const put = results.filter(({ outcome }) => outcome !== 'not-put');
  const same = (aspect: Aspect) =>
    put.filter(({ differences }) => differences.every((one) => one.aspect !== aspect)).length;
  const counts = Object.fromEntries(namesOf(aspects).map((aspect) => [aspect, same(aspect)])) as Record<Aspect, number>;
  return { folder, worlds: results.length, notPut: results.length - put.length, ...counts };
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).at(-1) ?? file;
}
