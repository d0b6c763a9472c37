import { keepsPromises, nothingRight, preflightIsExact, scoreCheck } from '../../../cli/catalog/score-report.ts';
import type { Candidate, Denial, Diagnosis, Report } from '../../../core/report.ts';
import type { Fault } from '../../../model/analysis/faults.ts';
import type { Expectation, ExpectedDenial } from '../../../model/world/scenario.ts';

const keyPolicy = {
  step: 'copy-to-inbox',
  action: 'kms:GenerateDataKey',
  layer: 'key-policy',
  effect: 'implicit',
  side: 'customer',
} as const satisfies ExpectedDenial;
const bucketPolicy = { ...keyPolicy, action: 's3:PutObject', layer: 'bucket-policy' } as const;
const rcp = { ...bucketPolicy, layer: 'resource-control-policy', effect: 'explicit' } as const;

function says(
  { step, ...denial }: Denial & Pick<Diagnosis, 'step'>,
  confidence: Diagnosis['confidence'] = 'inferred',
  candidates: readonly Candidate[] = [],
): Diagnosis {
  return { ...(step && { step }), summary: '', denial, confidence, evidence: [], candidates: [...candidates] };
}

function report(diagnoses: readonly Diagnosis[], rest: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    customer: 'acme',
    verdict: 'denied',
    deniedStep: 'copy-to-inbox',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    steps: [],
    diagnoses: [...diagnoses],
    ...rest,
  };
}

function truth(...denials: ExpectedDenial[]): Expectation {
  return { verdict: 'denied', deniedStep: 'copy-to-inbox', denials };
}

const right = { verdict: true, deniedStep: true, exact: true, covered: true, complete: true, wrongProven: 0 };
const { effect: _, ...keyPolicyWithoutEffect } = keyPolicy;

test.each([
  {
    case: 'the only fault, proven',
    diagnoses: [says(keyPolicy, 'proven')],
    faults: [keyPolicy],
    score: right,
  },
  {
    case: 'the only fault with the effect left out',
    diagnoses: [says(keyPolicyWithoutEffect, 'proven')],
    faults: [keyPolicy],
    score: right,
  },
  {
    case: 'the only fault with a contradicted effect',
    diagnoses: [says({ ...keyPolicy, effect: 'explicit' }, 'proven')],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false, wrongProven: 1 },
  },
  {
    case: 'a field that the expectation does not list',
    diagnoses: [says({ ...keyPolicy, accountId: '222222222222' }, 'proven')],
    faults: [{ step: 'copy-to-inbox', layer: 'key-policy' } as const],
    score: right,
  },
  {
    case: 'no diagnosis',
    diagnoses: [],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false },
  },
  {
    case: 'another layer, inferred',
    diagnoses: [says(bucketPolicy)],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false },
  },
  {
    case: 'another layer, proven',
    diagnoses: [says(bucketPolicy, 'proven')],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false, wrongProven: 1 },
  },
  {
    case: 'another step, proven',
    diagnoses: [says({ ...keyPolicy, step: 'put-internal' }, 'proven')],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false, wrongProven: 1 },
  },
  {
    case: 'a layer left out is not exact, and claims nothing wrong',
    diagnoses: [says({ step: 'copy-to-inbox', action: 'kms:GenerateDataKey' }, 'proven')],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false },
  },
  {
    case: 'the fault among the candidates, which take the action of their diagnosis',
    diagnoses: [
      says({ step: 'copy-to-inbox', action: 'kms:GenerateDataKey' }, 'unknown', [
        { layer: 'identity-policy', side: 'service', why: '' },
        { layer: 'key-policy', side: 'customer', why: '' },
      ]),
    ],
    faults: [keyPolicy],
    score: { ...right, exact: false, complete: false },
  },
  {
    case: 'a candidate of the right layer for another action',
    diagnoses: [says(bucketPolicy, 'inferred', [{ layer: 'key-policy', action: 'kms:Decrypt', why: '' }])],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false },
  },
  {
    case: 'a candidate of the right layer on the wrong side',
    diagnoses: [
      says(bucketPolicy, 'inferred', [
        { layer: 'key-policy', action: 'kms:GenerateDataKey', side: 'service', why: '' },
      ]),
    ],
    faults: [keyPolicy],
    score: { ...right, exact: false, covered: false, complete: false },
  },
  {
    case: 'two faults in another order',
    diagnoses: [says(keyPolicy, 'proven'), says(bucketPolicy, 'proven')],
    faults: [bucketPolicy, keyPolicy],
    score: { ...right, exact: false, covered: false },
  },
  {
    case: 'any of the layers that deny the first permission',
    diagnoses: [says(rcp, 'proven'), says(bucketPolicy, 'proven')],
    faults: [bucketPolicy, rcp],
    score: right,
  },
  {
    case: 'one of two faults',
    diagnoses: [says(bucketPolicy, 'proven')],
    faults: [bucketPolicy, keyPolicy],
    score: { ...right, complete: false },
  },
  {
    case: 'one fault twice',
    diagnoses: [says(bucketPolicy), says(bucketPolicy)],
    faults: [bucketPolicy, keyPolicy],
    score: { ...right, complete: false },
  },
  {
    case: 'a second diagnosis that is proven and wrong',
    diagnoses: [says(bucketPolicy, 'proven'), says(keyPolicy, 'proven')],
    faults: [bucketPolicy],
    score: { ...right, complete: false, wrongProven: 1 },
  },
])('$case', ({ diagnoses, faults, score }) => {
  expect(scoreCheck(report(diagnoses), truth(...faults))).toEqual(score);
});

test('a passing world is right only without a diagnosis', () => {
  const passed = { verdict: 'passed', deniedStep: undefined } as const;
  const { deniedStep: _step, ...passing } = report([], passed);
  const expect_: Expectation = { verdict: 'passed', denials: [] };
  expect(scoreCheck(passing, expect_)).toEqual(right);
  expect(scoreCheck({ ...passing, diagnoses: [says(keyPolicy)] }, expect_)).toEqual({
    ...right,
    exact: false,
    covered: false,
    complete: false,
  });
});

test.each([
  { case: 'verdict', rest: { verdict: 'misconfigured' } as const, wrong: { verdict: false } },
  { case: 'denied step', rest: { deniedStep: 'put-internal' } as const, wrong: { deniedStep: false } },
])('a wrong $case breaks a promise', ({ rest, wrong }) => {
  const score = scoreCheck(report([says(keyPolicy)], rest), truth(keyPolicy));
  expect(score).toEqual({ ...right, ...wrong });
  expect(keepsPromises(score)).toBe(false);
});

test('a wrong proven diagnosis breaks a promise, a guess does not', () => {
  expect(keepsPromises(scoreCheck(report([says(bucketPolicy)]), truth(keyPolicy)))).toBe(true);
  expect(keepsPromises(scoreCheck(report([says(bucketPolicy, 'proven')]), truth(keyPolicy)))).toBe(false);
  expect(keepsPromises(nothingRight)).toBe(false);
});

describe('preflight', () => {
  const found = (fault: ExpectedDenial) => ({ why: 'why', resource: 'arn', ...fault }) as Fault;

  test.each([
    { case: 'every fault in order', faults: [bucketPolicy, keyPolicy], exact: true },
    { case: 'no fault', faults: [], exact: false },
    { case: 'one fault of two', faults: [bucketPolicy], exact: false },
    { case: 'another order within a step', faults: [keyPolicy, bucketPolicy], exact: true },
    { case: 'another step', faults: [{ ...bucketPolicy, step: 'put-internal' } as const, keyPolicy], exact: false },
    { case: 'one too many', faults: [bucketPolicy, keyPolicy, keyPolicy], exact: false },
    { case: 'another effect', faults: [bucketPolicy, { ...keyPolicy, effect: 'explicit' } as const], exact: false },
    { case: 'a missing effect', faults: [bucketPolicy, keyPolicyWithoutEffect], exact: false },
  ])('$case', ({ faults, exact }) => {
    expect(preflightIsExact(faults.map(found), truth(bucketPolicy, keyPolicy))).toBe(exact);
  });

  test('another order of steps', () => {
    const earlier = { ...keyPolicy, step: 'put-internal' } as const;
    expect(preflightIsExact([keyPolicy, earlier].map(found), truth(earlier, keyPolicy))).toBe(false);
  });
});
