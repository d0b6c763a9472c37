import type { Report } from '../../../core/report.ts';
import { checkIn, denied, evidenceOf, failing, inShort, throttled } from './checked-world.ts';

/** The bundle looks into a CloudTrail that is slower than the check. */

const refusedByKms = 'key-policy/inbox-only-forgotten.yaml';
const lookupEvents = { event: { lookupEvents: true } } as const;

/** A report's conclusions, without evidence. */
function conclusionsOf({ verdict, deniedStep, diagnoses }: Report): unknown {
  return { verdict, deniedStep, diagnoses: diagnoses.map(({ evidence, ...conclusion }) => conclusion) };
}

test('is not searched unless the event requests it', async () => {
  const { report, calls } = await checkIn(refusedByKms);
  expect(report).not.toHaveProperty('lookupEvents');
  expect(calls).not.toContain('cloudtrail:LookupEvents');
});

test('immediately shows existing events, with the check’s own permissions', async () => {
  const { report, calls } = await checkIn(refusedByKms, lookupEvents);
  expect(report.lookupEvents).toBe('found');
  expect(evidenceOf(report, 'cloudtrail')).toMatchSnapshot();
  expect(calls.filter((call) => call === 'cloudtrail:LookupEvents')).toHaveLength(1);
  expect(calls.indexOf('s3:DeleteObject')).toBeLessThan(calls.indexOf('cloudtrail:LookupEvents'));
});

test('shows events later that do not exist yet', async () => {
  const { report, calls } = await checkIn(refusedByKms, { ...lookupEvents, lagMs: 1_200 });
  expect(report.lookupEvents).toBe('found');
  expect(calls.filter((call) => call === 'cloudtrail:LookupEvents').length).toBeGreaterThan(1);
});

test('that is too slow does not change the reports of a batch, except for saying so', async () => {
  const alone = await checkIn(refusedByKms);
  const customers = ['acme', 'globex'].map((customer) => ({ ...alone.event, customer, lookupEvents: true }));
  const slow = { lagMs: 600_000, timeoutMs: 9_000, environment: { CHECK_CONCURRENCY: '1' } };
  const { reports } = await checkIn(refusedByKms, { ...slow, instead: { customers } });
  expect(reports.map(({ customer, lookupEvents: told }) => [customer, told])).toEqual([
    ['acme', 'not-yet'],
    ['globex', 'not-yet'],
  ]);
  expect(evidenceOf(reports[0] as Report, 'cloudtrail')).toMatchSnapshot();
  expect(conclusionsOf(reports[0] as Report)).toEqual(conclusionsOf(alone.report));
});

test('without permission is reported, with the missing permission', async () => {
  const fault = denied('cloudtrail:LookupEvents');
  const { report } = await checkIn(refusedByKms, { ...lookupEvents, intercept: failing('LookupEvents', fault) });
  expect(report.lookupEvents).toBe('not-asked');
  expect(evidenceOf(report, 'cloudtrail')).toMatchSnapshot();
  expect(inShort(report)).toEqual(['kms:GenerateDataKey key-policy inferred']);
});

test('that is busy is retried', async () => {
  let asked = 0;
  const { report } = await checkIn(refusedByKms, {
    ...lookupEvents,
    intercept: ({ operation }) => (operation === 'LookupEvents' && ++asked === 1 ? throttled : undefined),
  });
  expect(report.lookupEvents).toBe('found');
  expect(asked).toBe(2);
});
