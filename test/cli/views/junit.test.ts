import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { JobOutcome } from '../../../cli/run/job.ts';
import { renderJunit } from '../../../cli/views/junit.ts';
import type { Report } from '../../../core/report.ts';
import { deniedReport, passedReport } from '../reports.ts';

function outcomeOf(title: string, ...reports: readonly Report[]): JobOutcome {
  return { job: { title, event: {} }, answer: { kind: 'reports', reports, batch: reports.length > 1 }, log: [] };
}

interface Parsed {
  readonly name: string;
  readonly failures: string;
  readonly errors: string;
  readonly skipped: string;
  readonly tests: string;
  readonly time: string;
  readonly timestamp?: string;
  readonly testcase: readonly Readonly<Record<string, unknown>>[];
}

function suitesOf(outcomes: readonly JobOutcome[]): readonly Parsed[] {
  const text = renderJunit(outcomes);
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    isArray: (name) => name === 'testsuite' || name === 'testcase',
  });
  return parser.parse(text).testsuites.testsuite;
}

test('a suite for each report, a test case for each step', () => {
  const [passed, denied] = suitesOf([outcomeOf('a.json', passedReport), outcomeOf('b.json', deniedReport)]);
  expect(passed).toMatchObject({
    name: 'acme (a.json)',
    tests: '5',
    failures: '0',
    errors: '0',
    skipped: '0',
    time: '0.151',
    timestamp: '2026-01-01T00:00:00.000Z',
  });
  expect(passed?.testcase.map(({ name, time }) => [name, time])).toContainEqual(['put-internal', '0.061']);
  expect(passed?.testcase.every((one) => !('failure' in one || 'error' in one || 'skipped' in one))).toBe(true);
  expect(denied).toMatchObject({ tests: '5', failures: '1', skipped: '1' });
});

test("a denied step fails with its diagnosis, AWS's words and what to paste", () => {
  const [suite] = suitesOf([outcomeOf('b.json', deniedReport)]);
  const copy = suite?.testcase.find(({ name }) => name === 'copy-to-inbox');
  expect(copy?.['failure']).toMatchObject({
    message: 'Most likely the bucket policy does not allow secure-inbox-delivery to s3:PutObject.',
    type: 'denied',
    '#text': expect.stringMatching(/AccessDenied: Access Denied[\s\S]*"Sid": "AllowDelivery"/),
  });
  expect(suite?.testcase.find(({ name }) => name === 'verify-delivery')?.['skipped']).toEqual({
    message: 'nothing was delivered',
  });
});

test('a result that says nothing about the configuration is an error, not a failure', () => {
  const [suite] = suitesOf([outcomeOf('b.json', { ...deniedReport, verdict: 'inconclusive', diagnoses: [] })]);
  expect(suite).toMatchObject({ failures: '0', errors: '1' });
});

test('a test object that is left behind fails nothing', () => {
  const error = { code: 'AccessDenied', message: 'Access Denied' };
  const steps = passedReport.steps.map((step) =>
    step.step === 'clean-up' ? { ...step, status: 'denied' as const, error } : step,
  );
  const [suite] = suitesOf([outcomeOf('a.json', { ...passedReport, steps })]);
  expect(suite).toMatchObject({ failures: '0', errors: '0' });
  expect(suite?.testcase.at(-1)?.['system-out']).toContain('AccessDenied');
});

test('an event without a report is an error of its own', () => {
  const failed: JobOutcome = {
    job: { title: 'c.json', event: {} },
    answer: { kind: 'failed', message: 'The function failed: out of memory\nmore' },
    log: [],
  };
  const [suite] = suitesOf([failed]);
  expect(suite).toMatchObject({ name: 'c.json', tests: '1', errors: '1' });
  expect(suite?.testcase[0]?.['error']).toMatchObject({ message: 'The function failed: out of memory' });
});

test('text from outside cannot end an element or an attribute', () => {
  const hostile = `"]]>'</failure><x a="&\u0000\u001b[31m`;
  const steps = deniedReport.steps.map((step) => ({
    ...step,
    ...(step.error && { error: { ...step.error, message: hostile } }),
  }));
  const diagnoses = deniedReport.diagnoses.map((one) => ({ ...one, summary: hostile }));
  const [suite] = suitesOf([outcomeOf(hostile, { ...deniedReport, customer: hostile, steps, diagnoses })]);
  expect(suite?.testcase).toHaveLength(5);
  const shown = `"]]>'</failure><x a="&\\u0000\\u001b[31m`;
  expect(suite?.testcase.find(({ name }) => name === 'copy-to-inbox')?.['failure']).toMatchObject({
    message: expect.stringContaining('</failure>'),
    '#text': expect.stringContaining(shown.slice(0, 20)),
  });
});
