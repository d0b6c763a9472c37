import type { Diagnosis, Report } from '../../core/report.ts';
import { sideToAct, type Verdict } from '../../core/vocabulary.ts';
import type { StacksEvent } from './test-event.ts';

/** The outcome of one check. */
export type CheckOutcome =
  | { readonly kind: 'report'; readonly report: CheckReport }
  /** The check itself failed. `why` is for the service's log, not for the customer. */
  | { readonly kind: 'failed'; readonly why: string };

/** The part of a report that a customer sees. */
export type CheckReport = Pick<Report, 'verdict' | 'deniedStep' | 'startedAt' | 'diagnoses'>;

/** The text for a stack, with its sentences in order of importance. */
export interface Result {
  readonly verdict: Verdict;
  readonly sentences: readonly Sentence[];
}

interface Sentence {
  readonly text: string;
  /** Set for a policy statement as JSON, which must not be cut off. */
  readonly whole?: true;
}

const checkAgain = "Change the stack's parameter CheckSerial to check again.";

/**
 * The result worded for the customer's stack: what the customer's account has to change, with the statements. For
 * faults on the service's side, it only says that they exist.
 */
export function resultOf(report: CheckReport, { inbox }: StacksEvent): Result {
  const { verdict, deniedStep, startedAt, diagnoses } = report;
  const at = `${verdict}${deniedStep && verdict !== 'passed' ? ` at ${deniedStep}` : ''} (${startedAt.slice(0, 16)}Z).`;
  switch (verdict) {
    case 'passed': {
      const where = inbox.prefix ? `${inbox.bucket} below ${inbox.prefix}` : inbox.bucket;
      return { verdict, sentences: [{ text: `${at} A test object has arrived in ${where}.` }] };
    }
    case 'inconclusive':
      return inconclusive(at);
    case 'denied':
    case 'misconfigured':
      return { verdict, sentences: [{ text: at }, ...faults(diagnoses), { text: checkAgain }] };
  }
}

export function notCheckedResult(verdict: 'misconfigured' | 'inconclusive', why: string): Result {
  return { verdict, sentences: [{ text: `${verdict}. It was not checked.` }, { text: line(why) }] };
}

/** For our own faults, and if the time is up. */
export function inconclusive(at = 'inconclusive.'): Result {
  const text = 'The check could not be completed. This says nothing about your configuration.';
  return { verdict: 'inconclusive', sentences: [{ text: at }, { text }, { text: checkAgain }] };
}

function faults(diagnoses: readonly Diagnosis[]): readonly Sentence[] {
  const yours = diagnoses.filter((diagnosis) => sideToAct(diagnosis) === 'customer');
  const ours = diagnoses.some((diagnosis) => sideToAct(diagnosis) === 'service');
  if (yours.length === 0) {
    const text = ours
      ? 'It is for the service to change something on its side, not for you.'
      : 'AWS does not say what refuses it; ask the service what its report says.';
    return [{ text }];
  }
  return [
    ...yours.flatMap(changes),
    ...(ours ? [{ text: 'The service has to change something on its side too.' }] : []),
  ];
}

/** A summary already says how certain it is. */
function changes({ summary, remedy, confidence, candidates }: Diagnosis): readonly Sentence[] {
  const isOneOfSeveral = confidence !== 'proven' && candidates.length > 0;
  return [
    { text: line(summary) },
    ...(remedy ? [{ text: line(remedy.instruction) }] : []),
    ...(remedy?.statement ? [{ text: JSON.stringify(remedy.statement), whole: true as const }] : []),
    ...(isOneOfSeveral ? [{ text: "If it is not that, the service's report has what else it may be." }] : []),
  ];
}

function line(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
