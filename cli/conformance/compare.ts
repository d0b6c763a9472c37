import type { RecordedAnswer } from './exchange.ts';
import type { Observed, ObservedReport } from './observed.ts';

/** What is compared of each world. */
export const aspects = {
  answer: 'every answer of AWS: status, code, message, headers',
  verdict: 'the verdict of the report',
  step: 'the status of each step, and the one that was denied',
  layer: 'what the diagnoses name, and how certain they are',
} as const;
export type Aspect = keyof typeof aspects;

export interface AnswerDifference {
  readonly aspect: Aspect;
  /** The request or the part of the report. */
  readonly where: string;
  /** What AWS has; absent where only the sandbox's check has sent the request. */
  readonly aws?: string;
  readonly sandbox?: string;
}

export function differences(aws: Observed, sandbox: Observed): readonly AnswerDifference[] {
  return [...answersCompared(aws.answers, sandbox.answers), ...reportsCompared(aws.report, sandbox.report)];
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

/** The nth request of a kind with the nth: those that are sent at once come in any order. */
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
