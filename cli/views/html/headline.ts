import { counted } from '../../../core/printable.ts';
import type { Diagnosis, Report } from '../../../core/report.ts';
import { sideToAct, type Verdict } from '../../../core/vocabulary.ts';
import { isOpen, whoIs } from '../report-words.ts';

interface Headline {
  readonly title: string;
  /** The fault and who must act, in one sentence. */
  readonly sentence: string;
  readonly more?: string;
}

const titles: Readonly<Record<Verdict, (customer: string) => string>> = {
  passed: (customer) => `Reports for ${customer} can be delivered`,
  denied: (customer) => `Reports for ${customer} are refused`,
  misconfigured: (customer) => `Reports for ${customer} cannot be delivered as they must be`,
  inconclusive: (customer) => `The check for ${customer} could not be completed`,
};

export function headlineOf(report: Report): Headline {
  const { verdict, customer, diagnoses } = report;
  const title = isOpen(report)
    ? `Not known yet: reports for ${customer}`
    : wasDelivered(report) || verdict !== 'passed'
      ? titles[verdict](customer)
      : `${customer}: passed so far`;
  const [first, ...others] = diagnoses;
  const more =
    others.length > 0 ? { more: `${counted(others.length, 'further fault')} below: ${whoElse(others)}.` } : {};
  return { title, sentence: sentenceOf(report, first), ...more };
}

function sentenceOf(report: Report, first: Diagnosis | undefined): string {
  const { verdict, deniedStep } = report;
  if (isOpen(report)) return 'The result depends on facts that no document states. They are listed below.';
  if (verdict === 'inconclusive') {
    return `${whatHappened(report)}, which says nothing about the customer's configuration: nothing is to be changed on the customer's side because of it, and the check is to be run again.`;
  }
  if (verdict === 'passed' && !wasDelivered(report)) {
    return 'The steps that the test event names passed. They do not include a delivery to the Secure Inbox, so this says nothing about the rest. No one has to act.';
  }
  if (verdict === 'passed') {
    const delivered = 'A test report has arrived in the Secure Inbox, encrypted as it must be';
    return first ? `${delivered}, but: ${clause(first)}; ${whoActs(first)}.` : `${delivered}. No one has to act.`;
  }
  if (first) return `${clause(first)}; ${whoActs(first)}.`;
  const failed = report.steps.find(({ step }) => step === deniedStep);
  if (!failed?.error && failed?.reason) return failed.reason;
  return `${whatHappened(report)}, and the report was made without a diagnosis: it does not say who has to act.`;
}

/** True if the test object arrived in the right place, correctly encrypted. */
function wasDelivered({ steps }: Report): boolean {
  return steps.some(({ step, status }) => step === 'copy-to-inbox' && status === 'passed');
}

function whatHappened({ steps, deniedStep }: Report): string {
  const failed = steps.find(({ step }) => step === deniedStep) ?? steps.find(({ error }) => error);
  if (!failed) return 'Not every step could be tried';
  return failed.error ? `AWS answered ${failed.step} with ${failed.error.code}` : `${failed.step} did not pass`;
}

function clause({ summary }: Diagnosis): string {
  return summary.replace(/\.\s*$/, '');
}

function whoActs(diagnosis: Diagnosis): string {
  const { denial, remedy, confidence } = diagnosis;
  const side = sideToAct(diagnosis);
  if (!side || confidence === 'unknown') return 'who has to act is not known yet';
  return `${whoIs(side, remedy?.accountId ?? denial.accountId)} has to act`;
}

function whoElse(diagnoses: readonly Diagnosis[]): string {
  return [...new Set(diagnoses.map(whoActs))].join(', and ');
}

/** The side that must act, in one word, for tables. */
export function actors({ diagnoses }: Report): string {
  return [...new Set(diagnoses.map(sideToAct).filter((side) => side !== undefined))].join(', ');
}
