import type { Diagnosis } from '../../../core/report.ts';
import { deliveryEdges } from '../../../lambda/customer_configuration_check/diagnosis/delivery-edges.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import {
  type DeliveryEdge,
  type DiagnosisCase,
  type FoundRefusal,
  findings,
} from '../../../lambda/customer_configuration_check/diagnosis/findings.ts';
import { sessionPolicyFindings } from '../../../lambda/customer_configuration_check/diagnosis/session-policy-facts.ts';
import { checkIn } from './checked-world.ts';
import {
  allow,
  checked,
  customerKey,
  deny,
  internalObject,
  lumped,
  refusal,
  serviceKey,
} from './delivery-in-trouble.ts';

/** Faults that no step met, because an earlier request was denied. */

const inShort = (diagnoses: readonly Diagnosis[]) =>
  diagnoses.map(({ step, denial, confidence }) => `${step} ${denial.action} ${denial.layer} ${confidence}`);

/** The key denied put-internal, and a substitute was copied. */
function refusedByKey(message = lumped('kms:GenerateDataKey')): DiagnosisCase {
  return { ...checked({ 'put-internal': { message } }), fallbackSource: { kmsKeyArn: serviceKey } };
}

function edge(input: DiagnosisCase, action: string, on: DeliveryEdge['on']): DeliveryEdge {
  const found = deliveryEdges(input).find((one) => one.action === action && one.on === on);
  if (!found) throw new Error(`The delivery needs no ${action} on ${on}.`);
  return found;
}

describe('decrypting an object that could not be stored', () => {
  test('is probably denied by the policy that denied encrypting it', async () => {
    expect(inShort(await diagnose(refusedByKey()))).toEqual([
      'put-internal kms:GenerateDataKey key-policy inferred',
      'copy-to-inbox kms:Decrypt key-policy inferred',
    ]);
  });

  test('is not denied if a dry run passed the key policy', async () => {
    const input = refusedByKey();
    const on = { layer: 'key-policy', action: 'kms:Decrypt', resource: customerKey } as const;
    const fact = { source: 'probe', detail: 'dry run', bearing: { on, verdict: 'weakens' } } as const;
    expect(inShort(await diagnose({ ...input, findings: findings({ facts: [fact] }) }))).toEqual([
      'put-internal kms:GenerateDataKey key-policy inferred',
    ]);
  });

  test('is not denied if a Deny in the session policy lists other actions', async () => {
    const message = refusal('kms:GenerateDataKey', customerKey, deny('a session policy'));
    expect(await diagnose(refusedByKey(message))).toHaveLength(1);
    const implicit = refusal('kms:GenerateDataKey', customerKey, allow('session policy', 'kms:GenerateDataKey'));
    expect(await diagnose(refusedByKey(implicit))).toHaveLength(2);
  });

  test('is likely if an event requests only the copy, and the verdict stays inconclusive', async () => {
    const { report } = await checkIn('combined/key-not-for-what-waits.yaml', { event: { steps: ['copy-to-inbox'] } });
    expect([report.verdict, report.deniedStep]).toEqual(['inconclusive', undefined]);
    expect(inShort(report.diagnoses)).toEqual(['copy-to-inbox kms:Decrypt key-policy inferred']);
    expect(report.permissions).toContainEqual(
      expect.objectContaining({ action: 'kms:Decrypt', state: 'likely-denied' }),
    );
  });

  test('is not considered if the event requests only put-internal', async () => {
    const input = refusedByKey();
    const delivery = { ...input.delivery, steps: ['put-internal', 'clean-up'] as const };
    expect(await diagnose({ ...input, delivery })).toHaveLength(1);
  });
});

describe('a substitute that cannot be decrypted', () => {
  const input = (tail: string): DiagnosisCase => ({
    ...checked({
      'put-internal': { message: lumped('kms:GenerateDataKey') },
      'copy-to-inbox': { message: refusal('kms:Decrypt', serviceKey, tail) },
    }),
    fallbackSource: { kmsKeyArn: serviceKey },
  });

  test('because of a missing permission of the role makes it likely that real reports cannot be either', async () => {
    const found = await diagnose(input(allow('identity-based policy', 'kms:Decrypt')));
    const [ofIdentity] = found.filter(({ denial }) => denial.layer === 'identity-policy');
    expect(ofIdentity).toMatchObject({ confidence: 'inferred', denial: { resource: customerKey, side: 'service' } });
  });

  test("because of its own key's policy is not a fault of a delivery", async () => {
    const found = await diagnose(input(deny('a resource-based policy')));
    expect(found.map(({ denial }) => denial.resource)).toEqual([customerKey, customerKey]);
  });
});

test('an unusable key is a fault of the first step that needs it, wherever it was found', async () => {
  const input = {
    ...checked({
      'put-internal': { message: lumped('kms:GenerateDataKey') },
      'copy-to-inbox': { code: 'KMS.DisabledException', message: `${customerKey} is disabled.`, httpStatus: 400 },
    }),
    fallbackSource: { kmsKeyArn: serviceKey },
  };
  expect(inShort(await diagnose(input))).toContain('put-internal kms:GenerateDataKey key-state proven');
});

describe('what the simulator says about a permission that no step reached', () => {
  const input = checked({
    'put-internal': {
      message: refusal('s3:PutObject', internalObject, allow('identity-based policy', 's3:PutObject')),
    },
  });
  const refused = (of: DeliveryEdge, over: Partial<FoundRefusal> = {}): FoundRefusal => ({
    edge: of,
    layer: 'identity-policy',
    effect: 'implicit',
    confidence: 'proven',
    isAlone: true,
    evidence: { source: 'policy-simulator', detail: 'The simulator says so.' },
    ...over,
  });
  const withRefusal = (one: FoundRefusal, more = {}) =>
    diagnose({
      ...input,
      steps: input.steps.map((result) => (result.step === 'copy-to-inbox' ? { ...result, status: 'skipped' } : result)),
      findings: findings({ refusals: [one], ...more }),
    });
  const write = edge(input, 's3:PutObject', 'inbox-object');
  const decrypt = edge(input, 'kms:Decrypt', 'internal-key');

  test('is a separate fault, in the order of a delivery', async () => {
    expect(inShort(await withRefusal(refused(write)))).toEqual([
      'put-internal s3:PutObject identity-policy proven',
      'copy-to-inbox s3:PutObject identity-policy proven',
    ]);
  });

  test('is not a fault if the permission is known to be allowed', async () => {
    expect(await withRefusal(refused(write), { allowed: [write] })).toHaveLength(1);
  });

  test('is likely only if AWS named that layer for something similar', async () => {
    const unsure = { confidence: 'inferred', isAlone: false } as const;
    expect(await withRefusal(refused(write, unsure))).toHaveLength(2);
    expect(await withRefusal(refused(decrypt, unsure))).toHaveLength(1);
    expect(await withRefusal(refused(write, { ...unsure, layer: 'permissions-boundary' }))).toHaveLength(1);
  });
});

test('the requested session policy covers every permission, but excludes nothing', () => {
  const input = checked({ 'copy-to-inbox': { message: 'Access Denied' } });
  const asked = deliveryEdges({
    ...input,
    delivery: { ...input.delivery, steps: ['put-internal', 'copy-to-inbox', 'clean-up'] },
  });
  const { facts } = sessionPolicyFindings({
    ...input,
    delivery: { ...input.delivery, steps: ['put-internal', 'copy-to-inbox', 'clean-up'] },
  });
  expect(facts).toHaveLength(asked.length);
  expect(new Set(facts.map(({ bearing }) => bearing?.verdict))).toEqual(new Set(['weakens']));
});

test('proposes no statement for a wrong key that a bucket denies', async () => {
  const missing = { code: 'KMS.NotFoundException', message: `Key '${customerKey}' does not exist` };
  const input = {
    ...checked({ 'put-internal': missing, 'copy-to-inbox': { message: 'Access Denied' } }),
    fallbackSource: { kmsKeyArn: serviceKey },
  };
  const diagnoses = await diagnose(input);
  expect(inShort(diagnoses)).toEqual([
    'put-internal kms:GenerateDataKey key-missing inferred',
    'copy-to-inbox s3:PutObject bucket-policy inferred',
  ]);
  expect(diagnoses.map(({ remedy }) => remedy?.statement)).toEqual([undefined, undefined]);
  const [alone] = await diagnose(checked({ 'copy-to-inbox': { message: 'Access Denied' } }));
  expect(JSON.stringify(alone?.remedy?.statement)).toContain(customerKey);
});
