import fc from 'fast-check';
import type { Diagnosis } from '../../../core/report.ts';
import { mostResponseBytes, responseToDelete, responseWith } from '../../../lambda/stack_check/response.ts';
import { notCheckedResult, type Result, resultOf } from '../../../lambda/stack_check/result.ts';
import { masked } from '../../masked.ts';
import { testEvent } from './asking.ts';
import { customersFault, reportAs, servicesFault } from './checked.ts';

const asked = {
  physicalResourceId: 'check',
  stackId: 'arn:stack',
  requestId: '5d478078',
  logicalResourceId: 'DeliveryCheck',
};
const repeated = {
  PhysicalResourceId: 'check',
  StackId: 'arn:stack',
  RequestId: '5d478078',
  LogicalResourceId: 'DeliveryCheck',
};

interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly Data?: { readonly Verdict: string; readonly Result: string };
}

const response = (result: Result, failOnDenied = false) =>
  JSON.parse(responseWith(asked, result, failOnDenied)) as Response;
const textOf = (result: Result) => response(result).Data?.Result;

it('says where the test object has arrived, and when', () => {
  expect(response(resultOf(reportAs('passed'), testEvent))).toEqual({
    Status: 'SUCCESS',
    ...repeated,
    Data: {
      Verdict: 'passed',
      Result:
        'passed (2026-11-21T12:00Z). A test object has arrived in secure-inbox-222222222222-us-east-1 below reports/.',
    },
  });
});

it('says which step was denied and what to change, with the statement', () => {
  const text = textOf(resultOf(reportAs('denied'), testEvent));
  expect(masked(text)).toMatchSnapshot();
});

it.each([
  ['inferred', true],
  ['proven', false],
] as const)('does not say more than is known: if a diagnosis is %s, others are mentioned: %s', (confidence, isSaid) => {
  const candidates = [{ layer: 'resource-control-policy', why: 'Only its administrators see it.' } as const];
  const text = textOf(
    resultOf(reportAs('denied', [{ ...customersFault, confidence, candidates: [...candidates] }]), testEvent),
  );
  expect(text?.includes("If it is not that, the service's report has what else it may be.")).toBe(isSaid);
});

describe("the service's own side", () => {
  it('is only mentioned', () => {
    const text = textOf(resultOf(reportAs('denied', [servicesFault]), testEvent));
    expect(masked(text)).toMatchSnapshot();
    expect(text).not.toMatch(/internal-bucket|GetObject|policy/);
  });

  it('comes after what the customer can do', () => {
    const text = textOf(resultOf(reportAs('denied', [servicesFault, customersFault]), testEvent));
    expect(masked(text)).toMatchSnapshot();
    expect(text).not.toContain('internal-bucket');
  });
});

it('says so if AWS does not say who denies', () => {
  const nobodys: Diagnosis = { ...customersFault, denial: {} };
  const { remedy, ...unknown } = nobodys;
  expect(remedy).toBeDefined();
  expect(masked(textOf(resultOf(reportAs('denied', [unknown]), testEvent)))).toMatchSnapshot();
});

it('blames no one for a check that could not be completed', () => {
  expect(masked(textOf(resultOf(reportAs('inconclusive'), testEvent)))).toMatchSnapshot();
});

describe('FailOnDenied', () => {
  it.each(['denied', 'misconfigured'] as const)('makes %s fail the stack, with the reason', (verdict) => {
    const { Status, Reason, Data } = response(resultOf(reportAs(verdict), testEvent), true);
    expect([Status, Data]).toEqual(['FAILED', undefined]);
    expect(Reason).toMatch(new RegExp(`^${verdict} at copy-to-inbox .*Add this statement to the bucket policy\\.`));
  });

  it.each(['passed', 'inconclusive'] as const)('lets %s succeed', (verdict) => {
    expect(response(resultOf(reportAs(verdict), testEvent), true)).toMatchObject({
      Status: 'SUCCESS',
      Data: { Verdict: verdict },
    });
  });

  it.each(['passed', 'denied', 'misconfigured', 'inconclusive'] as const)('set to no lets %s succeed', (verdict) => {
    expect(response(resultOf(reportAs(verdict), testEvent)).Status).toBe('SUCCESS');
  });

  it('fails for an event that cannot be delivered, but not for one that is not checked', () => {
    expect(response(notCheckedResult('misconfigured', 'a\n- b'), true)).toMatchObject({
      Status: 'FAILED',
      Reason: 'misconfigured. It was not checked. a - b',
    });
    expect(response(notCheckedResult('inconclusive', 'a'), true).Status).toBe('SUCCESS');
  });
});

it('tells CloudFormation that nothing is left to delete', () => {
  expect(JSON.parse(responseToDelete(asked))).toEqual({ Status: 'SUCCESS', ...repeated });
});

describe('the 4,096 bytes of a response', () => {
  const longest = {
    physicalResourceId: 'é'.repeat(512),
    stackId: `arn:aws-us-gov:cloudformation:us-gov-west-1:222222222222:stack/${'s'.repeat(128)}/1134083a-2608-1e91-9897-022501a2c456`,
    requestId: 'r'.repeat(128),
    logicalResourceId: 'l'.repeat(255),
  };

  it('are not exceeded, and almost used up, whatever AWS and the check said', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', '\\', 'é', '😀', '\u0001'),
      minLength: 5_000,
      maxLength: 6_000,
    });
    fc.assert(
      fc.property(text, fc.boolean(), (summary, failOnDenied) => {
        const fault = { ...customersFault, summary: `summary ${summary}` };
        const body = responseWith(longest, resultOf(reportAs('denied', [fault]), testEvent), failOnDenied);
        const { Reason, Data } = JSON.parse(body) as Response;
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(mostResponseBytes);
        expect(Buffer.byteLength(body)).toBeGreaterThan(mostResponseBytes - 10);
        expect((Reason ?? Data?.Result)?.endsWith('…')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('contain whole statements or none, and then say so', () => {
    const statement = { Sid: 'x'.repeat(2_500) };
    const large: Diagnosis = { ...customersFault, remedy: { side: 'customer', instruction: 'Add this.', statement } };
    const text = textOf(resultOf(reportAs('denied', [large, large]), testEvent)) ?? '';
    expect(text.split(JSON.stringify(statement))).toHaveLength(2);
    expect(masked(text.replace(/x{9,}/g, 'x…'))).toMatchSnapshot();
  });
});
