import { join } from 'node:path';
import { scenarioFilesIn } from '../../../cli/input/scenario-files.ts';
import type { Fault } from '../../../model/analysis/faults.ts';
import { outcomeOf } from '../../../model/analysis/outcome.ts';
import { readScenarioFile } from '../../../sandbox/scenario-files.ts';

type Listed = Pick<Fault, 'step' | 'layer' | 'action' | 'side'>;

test('matches the expectation of each world in the catalog', async () => {
  const files = await scenarioFilesIn(join(import.meta.dirname, '../../../scenarios'));
  const scenarios = await Promise.all(
    files.map(async (file) => ({ file, ...(await readScenarioFile(file)).scenario })),
  );
  // If something moves objects away, permissions don't decide.
  const wrong = scenarios.filter(({ service, expect: { verdict, deniedStep, denials = [] } }) => {
    if (service?.internal?.movesObjects) return false;
    const outcome = outcomeOf(denials as readonly Listed[]);
    return outcome.verdict !== verdict || outcome.deniedStep !== deniedStep;
  });
  expect(scenarios.length).toBeGreaterThan(300);
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('the service learns that a key of its own is missing, not that another account’s is', () => {
  const missing = { step: 'put-internal', layer: 'key-missing', action: 'kms:GenerateDataKey' } as const;
  expect(outcomeOf([{ ...missing, side: 'service' }])).toEqual({
    verdict: 'misconfigured',
    deniedStep: 'put-internal',
  });
  expect(outcomeOf([{ ...missing, side: 'customer' }])).toEqual({ verdict: 'denied', deniedStep: 'put-internal' });
});

test('over plain HTTP, S3 evaluates bucket policies first and does not call KMS', () => {
  const plain = { step: 'put-internal', layer: 'plain-http', action: 's3:PutObject', side: 'service' } as const;
  const ofKey = { ...plain, layer: 'key-policy', action: 'kms:GenerateDataKey' } as const;
  const misconfigured = { verdict: 'misconfigured', deniedStep: 'put-internal' };
  expect([outcomeOf([plain]), outcomeOf([plain, ofKey])]).toEqual([misconfigured, misconfigured]);
  expect(outcomeOf([plain, { ...plain, layer: 'bucket-policy' }]).verdict).toBe('denied');
});

test('a fault of clean-up does not change the verdict', () => {
  const fault = { step: 'clean-up', layer: 'identity-policy', action: 's3:DeleteObject', side: 'service' } as const;
  expect(outcomeOf([fault])).toEqual({ verdict: 'passed' });
});
