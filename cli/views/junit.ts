import { XMLBuilder } from 'fast-xml-parser';
import { printable } from '../../core/printable.ts';
import type { Report, StepResult } from '../../core/report.ts';
import { permissionLines } from '../../core/report-permissions.ts';
import type { JobOutcome } from '../run/job.ts';
import { renderDiagnosis } from './terminal/diagnosis.ts';
import { pageFor } from './terminal/page.ts';

/**
 * The outcomes as JUnit XML, for pipelines: a suite for each report and a test case for each step. Faults that the
 * customer or the service must fix are failures; steps that say nothing about either, such as throttled ones, are
 * errors.
 *
 * Source: https://github.com/testmoapp/junitxml
 */
export function renderJunit(outcomes: readonly JobOutcome[]): string {
  const suites = outcomes.flatMap(suitesOf);
  const builder = new XMLBuilder({ attributeNamePrefix: '@', ignoreAttributes: false, format: true });
  const root = { '@name': 'Secure Inbox configuration check', ...totals(suites.flatMap(({ cases }) => cases)) };
  const document = {
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      ...attributes(root),
      testsuite: suites.map(({ cases, name, timestamp }) => ({
        ...attributes({ '@name': name, ...totals(cases), ...(timestamp && { '@timestamp': timestamp }) }),
        testcase: cases.map(({ result, message, details, type, name: caseName, seconds }) => ({
          ...attributes({ '@name': caseName, '@classname': name, '@time': seconds.toFixed(3) }),
          ...outcomeElement({ result, message, details, type }),
        })),
      })),
    },
  };
  return builder.build(document);
}

interface Suite {
  readonly name: string;
  readonly timestamp?: string;
  readonly cases: readonly Case[];
}

interface Case extends Told {
  readonly name: string;
  readonly seconds: number;
}

interface Told {
  readonly result: 'passed' | 'failure' | 'error' | 'skipped' | 'system-out';
  /** On one line. */
  readonly message: string;
  readonly type: string;
  readonly details: string;
}

const nothing = { message: '', type: '', details: '' };

function suitesOf({ job, answer }: JobOutcome): readonly Suite[] {
  if (answer.kind !== 'reports') {
    const [message = ''] = answer.message.split('\n');
    const told: Told = { result: 'error', message, type: answer.kind, details: answer.message };
    return [{ name: job.title, cases: [{ name: 'check', seconds: 0, ...told }] }];
  }
  return answer.reports.map((report) => ({
    name: report.customer === job.title ? job.title : `${report.customer} (${job.title})`,
    timestamp: report.startedAt,
    cases: report.steps.map((step) => ({
      name: step.step,
      seconds: step.durationMs / 1000,
      ...toldOf(step, report),
    })),
  }));
}

function toldOf(step: StepResult, report: Report): Told {
  const { status, reason, error } = step;
  if (status === 'passed') return { ...nothing, result: 'passed' };
  if (status === 'skipped') return { ...nothing, result: 'skipped', message: reason ?? '' };
  const diagnoses = report.diagnoses.filter((one) => one.step === step.step);
  const words = [error?.code, error?.message ?? reason].filter(Boolean).join(': ');
  const page = pageFor(undefined, false);
  // Pipelines have no other place for the longer text.
  const told = error ? [error.message] : [];
  const permissions = permissionLines(report, step.step);
  const details = [
    ...(words === '' ? [] : [words]),
    ...diagnoses.map((one, at) =>
      renderDiagnosis(one, at + 1, page, { deliverer: report.principal, verbose: true, told }).join('\n'),
    ),
    ...(permissions.length > 0
      ? [`Permissions of this step:\n${permissions.map((line) => `- ${line}`).join('\n')}`]
      : []),
  ].join('\n\n');
  return { result: resultOf(report), type: status, message: diagnoses[0]?.summary ?? words, details };
}

/** If the test object could not be deleted, the delivery doesn't fail; it is only reported. */
function resultOf({ verdict }: Report): Told['result'] {
  if (verdict === 'passed') return 'system-out';
  return verdict === 'inconclusive' ? 'error' : 'failure';
}

function outcomeElement({ result, message, type, details }: Told): Readonly<Record<string, unknown>> {
  switch (result) {
    case 'passed':
      return {};
    case 'skipped':
      return { skipped: attributes({ '@message': message }) };
    case 'system-out':
      return { 'system-out': printable(details) };
    default:
      return { [result]: { ...attributes({ '@message': message, '@type': type }), '#text': printable(details) } };
  }
}

function totals(cases: readonly Case[]): Readonly<Record<`@${string}`, string>> {
  const many = (result: Told['result']) => String(cases.filter((one) => one.result === result).length);
  return {
    '@tests': String(cases.length),
    '@failures': many('failure'),
    '@errors': many('error'),
    '@skipped': many('skipped'),
    '@time': cases.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
  };
}

/** XML can't contain most control characters, and loses line breaks in attributes. */
function attributes(named: Readonly<Record<`@${string}`, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name, printable(value).replaceAll('\n', ' ')]),
  );
}
