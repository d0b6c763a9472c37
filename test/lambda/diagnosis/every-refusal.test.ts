import type { Delivery } from '../../../core/delivery/delivery.ts';
import { isOfResource, layers } from '../../../core/layers.ts';
import type { Denial, Diagnosis } from '../../../core/report.ts';
import { keptIn } from '../../../core/values.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import type { Question, Refusal } from '../../../model/policies/decision.ts';
import { denialMessage } from '../../../model/policies/message.ts';
import type { Account, World } from '../../../model/world/world.ts';
import { combine } from '../../../policy/combine.ts';
import type { LayerResult, Layers } from '../../../policy/index.ts';
import { type OtherKind, otherKinds } from '../../../policy/policy-kinds.ts';
import {
  checked,
  checkSession,
  customerKey,
  deliveryRole,
  inboxObject,
  internalObject,
  serviceKey,
  session,
  underServiceKey,
} from './delivery-in-trouble.ts';

/**
 * Every edge of the delivery, denied by every layer and every pair of layers, in one organization and in two. Whatever
 * AWS then answers, no diagnosis may claim to have proven a layer that doesn't deny.
 */

const service = '111111111111';
const customer = '222222222222';

interface Edge {
  readonly step: Step;
  readonly action: string;
  readonly resource: string;
  readonly owner: string;
  readonly policy: 'bucket-policy' | 'key-policy' | 'role-trust-policy';
  readonly of?: Delivery;
}

const edges: readonly Edge[] = [
  {
    step: 'assume-delivery-role',
    action: 'sts:AssumeRole',
    resource: deliveryRole,
    owner: service,
    policy: 'role-trust-policy',
  },
  { step: 'put-internal', action: 's3:PutObject', resource: internalObject, owner: service, policy: 'bucket-policy' },
  { step: 'put-internal', action: 'kms:GenerateDataKey', resource: customerKey, owner: customer, policy: 'key-policy' },
  {
    step: 'put-internal',
    action: 'kms:GenerateDataKey',
    resource: serviceKey,
    owner: service,
    policy: 'key-policy',
    of: underServiceKey,
  },
  { step: 'copy-to-inbox', action: 's3:GetObject', resource: internalObject, owner: service, policy: 'bucket-policy' },
  { step: 'copy-to-inbox', action: 'kms:Decrypt', resource: customerKey, owner: customer, policy: 'key-policy' },
  {
    step: 'copy-to-inbox',
    action: 'kms:Decrypt',
    resource: serviceKey,
    owner: service,
    policy: 'key-policy',
    of: underServiceKey,
  },
  { step: 'copy-to-inbox', action: 's3:PutObject', resource: inboxObject, owner: customer, policy: 'bucket-policy' },
  {
    step: 'copy-to-inbox',
    action: 'kms:GenerateDataKey',
    resource: customerKey,
    owner: customer,
    policy: 'key-policy',
  },
  { step: 'clean-up', action: 's3:DeleteObject', resource: internalObject, owner: service, policy: 'bucket-policy' },
];

type Outcome = 'allows' | 'is silent' | 'denies';
const outcomes: readonly Outcome[] = ['allows', 'is silent', 'denies'];

function layer(outcome: Outcome, grantedTo: 'principal' | 'account' | undefined = undefined): LayerResult {
  const allows = outcome === 'allows' || grantedTo !== undefined;
  return {
    denies: outcome === 'denies',
    allows,
    allowsCaller: false,
    allowsPrincipal: allows && grantedTo !== 'account',
    matched: [],
    conditions: () => undefined,
    closest: () => undefined,
    unknown: [],
  };
}

const ofResources: readonly { readonly outcome: Outcome; readonly result: LayerResult }[] = [
  { outcome: 'allows', result: layer('allows', 'principal') },
  { outcome: 'allows', result: layer('allows', 'account') },
  { outcome: 'is silent', result: layer('is silent') },
  { outcome: 'denies', result: layer('denies') },
  { outcome: 'denies', result: layer('denies', 'principal') },
  { outcome: 'denies', result: layer('denies', 'account') },
];

/** Session policies have the same messages as the others. */
const kindsTried = otherKinds.filter((kind) => kind !== 'session-policy');

function outcomesOf(kind: OtherKind, action: string): readonly Outcome[] {
  if (kind === 'resource-control-policy') return ['allows', 'denies'];
  const kept: string = layers[kind].document[2];
  const isAsked = kept === 'buckets' ? action.startsWith('s3:') : kept !== 'vpcEndpoint' || !action.startsWith('kms:');
  return isAsked ? outcomes : ['allows'];
}

/** Each way in which at most `most` of these layers don't allow. */
function* combinations(
  kinds: readonly OtherKind[],
  action: string,
  most: number,
): Generator<readonly (readonly [OtherKind, Outcome])[]> {
  const [kind, ...rest] = kinds;
  if (kind === undefined) return yield [];
  for (const outcome of outcomesOf(kind, action)) {
    const left = outcome === 'allows' ? most : most - 1;
    if (left >= 0) for (const others of combinations(rest, action, left)) yield [[kind, outcome], ...others];
  }
}

function* layersFor({ owner, policy, action }: Edge): Generator<Layers> {
  const sameAccount = owner === service;
  for (const { outcome, result } of ofResources)
    for (const restrictedAsPublic of policy === 'bucket-policy' && !sameAccount ? [false, true] : [false]) {
      const most = 2 - Number(outcome !== 'allows') - Number(restrictedAsPublic);
      for (const others of combinations(kindsTried, action, most))
        yield {
          sameAccount,
          others: others.map(([kind, one]) => [kind, layer(one)]),
          resourceKind: policy,
          resource: result,
          restrictedAsPublic,
        };
    }
}

function worldOf(customersOrganization: string): World {
  const account = (id: string, organizationId: string): readonly [string, Account] => [
    id,
    { id, organizationId, serviceControlPolicies: [], resourceControlPolicies: [] },
  ];
  const accounts = new Map([account(service, 'o-service'), account(customer, customersOrganization)]);
  // The wording of a denial uses nothing else of a world.
  return { accounts } as Partial<World> as World;
}

function isAmong(
  refusals: readonly Refusal[],
  owner: string,
  told: Pick<Denial, 'layer' | 'side' | 'effect'>,
): boolean {
  return refusals.some((refusal) => {
    const account = isOfResource(refusal.layer) ? owner : service;
    return (
      refusal.layer === told.layer &&
      (account === service ? 'service' : 'customer') === told.side &&
      (told.effect === undefined || told.effect === refusal.effect)
    );
  });
}

describe.each([
  ['two organizations', 'o-customer'],
  ['one organization', 'o-service'],
])('between %s', (_, customersOrganization) => {
  test.each(edges)('$step: $action on $resource', async (edge) => {
    const world = worldOf(customersOrganization);
    const caller = { arn: edge.step === 'assume-delivery-role' ? checkSession : session, accountId: service };
    const question = {
      caller,
      action: edge.action,
      resource: edge.resource,
      resourceAccountId: edge.owner,
      context: {},
    } as Question;
    let seen = 0;
    const wrong: unknown[] = [];
    // Many layers deny with the same message, and a diagnosis depends only on the message.
    const diagnoses = new Map<string, Promise<readonly Diagnosis[]>>();
    const diagnosed = (message: string) =>
      keptIn(diagnoses, message, () => diagnose(checked({ [edge.step]: { message } }, edge.of)));
    for (const layers of layersFor(edge)) {
      const decision = combine(layers);
      if (decision.outcome === 'allowed') continue;
      seen++;
      const message = denialMessage(world, question, decision);
      const [diagnosis] = await diagnosed(message);
      const told = [diagnosis?.denial ?? {}, ...(diagnosis?.candidates ?? [])];
      const isTrue = (one: Pick<Denial, 'layer' | 'side' | 'effect'>) => isAmong(decision.refusals, edge.owner, one);
      const claims = diagnosis?.confidence === 'proven' ? told.slice(0, 1).every(isTrue) : true;
      if (!claims || !told.some(isTrue)) wrong.push({ message, refusals: decision.refusals, diagnosis });
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(20);
  });
});
