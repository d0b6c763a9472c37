import { headlineOf } from '../../../../cli/views/html/headline.ts';
import type { Report } from '../../../../core/report.ts';
import { masked } from '../../../masked.ts';
import { type Captured, capturedReport } from './captured.ts';

const cases: readonly (readonly [name: Captured, title: string, sentence: RegExp])[] = [
  ['passed', 'Reports for acme can be delivered', /has arrived in the Secure Inbox.*No one has to act\.$/],
  [
    'silent-bucket-policy',
    'Reports for acme are refused',
    /^Most likely, .*; the customer \(Account B, 222222222222\) has to act\.$/,
  ],
  [
    'decrypt-not-allowed',
    'Reports for acme are refused',
    /^No policy of .*; the service \(Account A, 111111111111\) has to act\.$/,
  ],
  ['disabled-key', 'Reports for acme cannot be delivered as they must be', /disabled.*; the customer .* has to act\.$/],
  ['slow-down', 'The check for acme could not be completed', /^AWS answered copy-to-inbox with SlowDown.*run again\.$/],
  ['put-internal-alone', 'acme: passed so far', /do not include a delivery to the Secure Inbox/],
  [
    'clean-up-denied',
    'Reports for acme can be delivered',
    /has arrived .*, but: .*s3:DeleteObject.*; the service .* has to act\.$/,
  ],
];

test.each(cases)('%s: %s', (name, title, sentence) => {
  const headline = headlineOf(capturedReport(name));
  expect(headline.title).toBe(title);
  expect(headline.sentence).toMatch(sentence);
});

it('counts the faults that the sentence leaves out, and who has to act on them', () => {
  const { more } = headlineOf(capturedReport('three-faults'));
  expect(more).toBe('1 further fault below: the customer (Account B, 222222222222) has to act.');
});

it('names no side if the diagnosis has none', () => {
  const report = capturedReport('silent-bucket-policy');
  const diagnoses = report.diagnoses.map(({ remedy: _, ...one }) => ({ ...one, confidence: 'unknown' as const }));
  expect(masked(headlineOf({ ...report, diagnoses }).sentence)).toMatchSnapshot();
});

it('says that there is no diagnosis', () => {
  const report: Report = { ...capturedReport('silent-bucket-policy'), diagnoses: [] };
  expect(masked(headlineOf(report).sentence)).toMatchSnapshot();
});

it('does not suggest repeating a check that depends on unknown facts', () => {
  const { steps, ...report } = capturedReport('passed');
  const skipped = { status: 'skipped', durationMs: 0, reason: 'Cannot know: see the notes.' } as const;
  const open: Report = {
    ...report,
    verdict: 'inconclusive',
    steps: steps.map((result) => (result.step === 'copy-to-inbox' ? { step: result.step, ...skipped } : result)),
    notes: [{ kind: 'unknown', detail: 'Cannot know the organization of the service.' }],
  };
  expect(masked(headlineOf(open).title)).toMatchSnapshot();
  expect(headlineOf(open).sentence).not.toMatch(/run again/);
});
