import type { EvaluationResult } from '@aws-sdk/client-iam';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Clients } from '../../../lambda/customer_configuration_check/diagnosis/clients.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import type { DiagnosisCase } from '../../../lambda/customer_configuration_check/diagnosis/findings.ts';
import { gather } from '../../../lambda/customer_configuration_check/diagnosis/gather.ts';
import type { AnyProbe } from '../../../lambda/customer_configuration_check/diagnosis/probe.ts';
import { controlsSimulation } from '../../../lambda/customer_configuration_check/diagnosis/probes/control-simulation.ts';
import { describesKey } from '../../../lambda/customer_configuration_check/diagnosis/probes/describe-key.ts';
import { runsDry } from '../../../lambda/customer_configuration_check/diagnosis/probes/dry-runs.ts';
import { readsSource } from '../../../lambda/customer_configuration_check/diagnosis/probes/read-source.ts';
import {
  simulatesKms,
  simulatesS3,
  simulatesWithoutBoundary,
} from '../../../lambda/customer_configuration_check/diagnosis/probes/simulate-delivery.ts';
import { masked } from '../../masked.ts';
import { checked, customerKey, delivery, internalObject, lumped, refusal } from './delivery-in-trouble.ts';

/** Conclusions from answers that simulated accounts don't give, or that may seem to prove too much. */

const around = { hasSource: true, cleansUp: true, isFunction: true, now: new Date('2026-11-21T12:00:00.000Z') };

/** One line for each diagnosis, with the evidence that the probes add. */
async function concluded(input: DiagnosisCase, asked: readonly AnyProbe[], clients: Partial<Clients>) {
  const findings = await gather(input, around, clients as Clients, 5_000, asked);
  const diagnoses = await diagnose({ ...input, findings });
  return {
    inShort: diagnoses.map(({ step, denial, confidence }) =>
      [step, denial.action, denial.layer, denial.effect, confidence].filter(Boolean).join(' '),
    ),
    candidates: diagnoses[0]?.candidates.map(({ layer, action }) => `${layer} ${action}`),
    evidence: [
      ...new Set(findings.facts.flatMap(({ source, detail }) => (source === 'policy-analysis' ? [] : detail))),
    ].join('\n'),
  };
}

const refusedKey = checked({ 'put-internal': { message: lumped('kms:GenerateDataKey') } });
const opaque = (of = delivery) => checked({ 'copy-to-inbox': { message: 'Access Denied' } }, of);

describe('kms:DescribeKey', () => {
  const describing = (metadata: Partial<KeyMetadata>): Partial<Clients> => ({
    kms: () => ({
      describe: async () => ({ KeyId: 'key', KeySpec: 'SYMMETRIC_DEFAULT', ...metadata }),
      dryRun: async () => {},
    }),
  });

  test.each([
    ['Enabled', false],
    // https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-update.html
    ['Updating', false],
    ['Disabled', true],
    ['PendingDeletion', true],
    ['PendingReplicaDeletion', true],
    ['Unavailable', true],
    ['Creating', true],
  ] as const)('for a key that is %s', async (KeyState, isFault) => {
    const { inShort, candidates } = await concluded(refusedKey, [describesKey], describing({ KeyState }));
    const fault = 'put-internal kms:GenerateDataKey key-state proven';
    if (isFault) expect(inShort).toContain(fault);
    else
      expect([inShort.includes(fault), candidates?.join()]).toEqual([false, expect.not.stringContaining('key-state')]);
  });

  test('shows that the policy lets the check read, but not why', async () => {
    const { evidence } = await concluded(refusedKey, [describesKey], describing({ KeyState: 'Enabled' }));
    expect(evidence).toMatchSnapshot();
  });
});

test('a successful dry run does not show what KMS would answer S3', async () => {
  const wouldSucceed = Object.assign(new Error('The request would have succeeded.'), {
    name: 'DryRunOperationException',
  });
  const kms = () => ({ describe: async () => undefined, dryRun: async () => Promise.reject(wouldSucceed) });
  const { candidates, evidence } = await concluded(opaque(), [runsDry], { kms });
  expect(evidence).toMatchSnapshot();
  expect(candidates?.at(-1)).toBe('key-policy kms:GenerateDataKey');
});

describe('an answer that something does not exist is an answer', () => {
  const failing = (name: string, message: string, httpStatusCode = 400) =>
    Promise.reject(Object.assign(new Error(message), { name, $metadata: { httpStatusCode } }));
  const noKey = () => failing('NotFoundException', `Key '${customerKey}' does not exist`);
  const kms = () => ({ describe: noKey, dryRun: noKey });

  test('of DescribeKey: the key is most likely missing, and its policy does not deny', async () => {
    const { inShort, candidates } = await concluded(refusedKey, [describesKey], { kms });
    expect(inShort).toEqual(['put-internal kms:GenerateDataKey key-missing inferred']);
    expect(candidates?.join()).not.toMatch(/key-policy|resource-control-policy|key-state/);
  });

  test('of a dry run: a key that no step reached is a separate fault', async () => {
    const { inShort } = await concluded(opaque(), [runsDry], { kms });
    expect(inShort).toContain('copy-to-inbox kms:GenerateDataKey key-missing inferred');
  });

  const answering = (name: string, status: number) => () => ({ send: () => failing(name, name, status) });

  test('of the source’s bucket: reported without a conclusion', async () => {
    const s3 = answering('NoSuchBucket', 404) as unknown as Clients['s3'];
    const { inShort, evidence } = await concluded(opaque(), [readsSource], { s3 });
    expect(inShort).toEqual(['copy-to-inbox s3:PutObject bucket-policy inferred']);
    expect(evidence).toMatchSnapshot();
  });

  test('without a matching row: reported as an answer without effect', async () => {
    const s3 = answering('MethodNotAllowed', 405) as unknown as Clients['s3'];
    const { inShort, evidence } = await concluded(opaque(), [readsSource], { s3 });
    expect(inShort).toEqual(['copy-to-inbox s3:PutObject bucket-policy inferred']);
    expect(evidence).toMatchSnapshot();
  });
});

describe('the source that can be read', () => {
  const scp = 'with an explicit deny in a service control policy';
  const elsewhere = { ...delivery, inbox: { ...delivery.inbox, region: 'eu-west-1' } };
  const s3 = () => ({ send: async () => ({}) }) as unknown as ReturnType<Clients['s3']>;
  const refused = (of: typeof delivery) =>
    checked({ 'copy-to-inbox': { message: refusal('s3:GetObject', internalObject, scp) } }, of);

  test('in its own Region says little about a denial of the copy in another Region', async () => {
    const { inShort, evidence } = await concluded(refused(elsewhere), [readsSource], { s3 });
    expect(inShort).toEqual(['copy-to-inbox s3:GetObject service-control-policy proven']);
    expect(evidence).toMatchSnapshot();
  });

  test("in the same Region contradicts the copy's denial, and the summary says so", async () => {
    const input = refused(delivery);
    const findings = await gather(input, around, { s3 } as unknown as Clients, 5_000, [readsSource]);
    const [diagnosis] = await diagnose({ ...input, findings });
    expect(diagnosis?.confidence).toBe('unknown');
    expect(masked(diagnosis?.summary)).toMatchSnapshot();
  });
});

describe('the policy simulator', () => {
  /** Gives the same answer for everything, and another one without the role's permissions boundary. */
  function simulating(
    result: Partial<EvaluationResult>,
    unbounded: Partial<EvaluationResult> = result,
    granted: Partial<EvaluationResult> = {},
  ): Partial<Clients> {
    const isGranted = (resources: readonly string[]) => resources.includes(internalObject);
    return {
      iam: {
        role: async () => ({ arn: undefined, trustPolicy: '' }),
        simulate: async ({ ActionNames = [], ResourceArns = [], PermissionsBoundaryPolicyInputList: boundary }) => ({
          EvaluationResults: ActionNames.map((EvalActionName) => ({
            EvalActionName,
            EvalDecision: 'allowed' as const,
            ...(isGranted(ResourceArns) ? granted : boundary ? unbounded : result),
          })),
        }),
      },
    };
  }
  const denied: Partial<EvaluationResult> = {
    EvalDecision: 'explicitDeny',
    MatchedStatements: [{ SourcePolicyId: 'limits', StartPosition: { Line: 3, Column: 1 } }],
  };
  const bounded = { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } };

  test('that shows a Deny while the boundary denies may mean the boundary’s', async () => {
    const alone = await concluded(opaque(), [simulatesS3, controlsSimulation], simulating({ ...denied, ...bounded }));
    expect(alone.inShort[0]).toBe('copy-to-inbox s3:PutObject identity-policy explicit inferred');
    const probes = [simulatesS3, controlsSimulation, simulatesWithoutBoundary];
    const both = await concluded(opaque(), probes, simulating({ ...denied, ...bounded }, denied));
    expect(both.inShort).toContain('copy-to-inbox s3:PutObject identity-policy explicit proven');
    const boundaryOnly = await concluded(opaque(), probes, simulating({ ...denied, ...bounded }, {}));
    expect(boundaryOnly.inShort.join()).not.toContain('identity-policy');
    expect(boundaryOnly.inShort[0]).toMatch(/^copy-to-inbox s3:PutObject permissions-boundary/);
  });

  describe.each([
    ['the organization', { OrganizationsDecisionDetail: { AllowedByOrganizations: false } }, 'service-control-policy'],
    ['the boundary', bounded, 'permissions-boundary'],
  ])('says that %s denies', (_, detail, layer) => {
    const refusing: Partial<EvaluationResult> = { EvalDecision: 'explicitDeny', ...detail };
    const asking = [simulatesS3, controlsSimulation];

    test('and allows what AWS has just allowed: likely', async () => {
      const { inShort } = await concluded(opaque(), asking, simulating(refusing));
      expect(inShort[0]).toMatch(new RegExp(`^copy-to-inbox s3:PutObject ${layer} .*inferred$`));
    });

    test.each([
      ['refuses what AWS has just allowed', asking, refusing],
      ['was not asked about what AWS has just allowed', [simulatesS3], {}],
    ])('and %s: no more likely than before', async (_case, asked, granted) => {
      const { inShort, candidates, evidence } = await concluded(
        opaque(),
        asked,
        simulating(refusing, refusing, granted),
      );
      expect(inShort).toEqual(['copy-to-inbox s3:PutObject bucket-policy inferred']);
      expect(candidates).toContain(`${layer} s3:PutObject`);
      expect(evidence).toMatchSnapshot();
    });
  });

  test('names a statement of an identity policy, but none of a boundary or an organization', async () => {
    const refusing = { ...denied, OrganizationsDecisionDetail: { AllowedByOrganizations: false } };
    const { evidence } = await concluded(opaque(), [simulatesS3, controlsSimulation], simulating(refusing));
    expect(evidence).toMatchSnapshot();
  });

  test('that decides one encryption context of a key says nothing about the other', async () => {
    const ofInbox: Partial<Clients> = {
      iam: {
        role: async () => ({ arn: undefined, trustPolicy: '' }),
        simulate: async ({ ActionNames = [], ContextEntries = [] }) => {
          const isOfInbox = JSON.stringify(ContextEntries).includes(`secure-inbox-${delivery.inbox.accountId}`);
          const EvalDecision = isOfInbox ? ('implicitDeny' as const) : ('explicitDeny' as const);
          return { EvaluationResults: ActionNames.map((EvalActionName) => ({ EvalActionName, EvalDecision })) };
        },
      },
    };
    const both = checked({
      'put-internal': { message: lumped('kms:GenerateDataKey') },
      'copy-to-inbox': { message: lumped('kms:GenerateDataKey') },
    });
    const { inShort } = await concluded(both, [simulatesKms], ofInbox);
    expect(inShort[0]).toBe('put-internal kms:GenerateDataKey key-policy inferred');
    expect(inShort).toContain('copy-to-inbox kms:GenerateDataKey identity-policy implicit proven');
  });
});

test('a substitute that cannot be decrypted is not a fault if the replaced key can be used', async () => {
  const serviceKeyArn = delivery.internal.serviceKmsKeyArn ?? '';
  const implicit = 'because no identity-based policy allows the kms:Decrypt action';
  const input = {
    ...checked({
      'put-internal': { message: lumped('kms:GenerateDataKey') },
      'copy-to-inbox': { message: refusal('kms:Decrypt', serviceKeyArn, implicit) },
    }),
    fallbackSource: { kmsKeyArn: serviceKeyArn },
  };
  const iam: Clients['iam'] = {
    role: async () => ({ arn: undefined, trustPolicy: '' }),
    simulate: async ({ ActionNames = [] }) => ({
      EvaluationResults: ActionNames.map((EvalActionName) => ({ EvalActionName, EvalDecision: 'allowed' as const })),
    }),
  };
  const { inShort } = await concluded(input, [simulatesKms], { iam });
  expect(inShort.join()).not.toContain('identity-policy');
  const unasked = await concluded(input, [], {});
  expect(unasked.inShort).toContain('copy-to-inbox kms:Decrypt identity-policy implicit inferred');
});
