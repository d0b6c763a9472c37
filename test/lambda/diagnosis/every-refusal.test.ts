import type { Delivery } from '../../../core/delivery.ts';
import type { Denial } from '../../../core/report.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { diagnose } from '../../../lambda/customer_configuration_check/diagnosis/diagnose.ts';
import { combine } from '../../../model/policies/combine.ts';
import type { Question, Refusal } from '../../../model/policies/decision.ts';
import type { LayerOutcome, LayerResult, Layers, ResourceLayerResult } from '../../../model/policies/evaluate.ts';
import { denialMessage } from '../../../model/policies/message.ts';
import type { Account, World } from '../../../model/world/world.ts';
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
 * Every edge of the delivery, refused by every layer and every two of them, in one organization and in two:
 * whatever AWS then answers, no diagnosis may claim to have proven a layer that does not refuse.
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

const outcomes: readonly LayerOutcome[] = ['Allowed', 'ImplicitlyDenied', 'ExplicitlyDenied'];
const layer = (result: LayerOutcome): LayerResult => ({ result, matched: [] });
const resourceResults: readonly ResourceLayerResult[] = [
  { ...layer('Allowed'), grantedTo: 'principal', grantsTheSession: false },
  { ...layer('Allowed'), grantedTo: 'account', grantsTheSession: false },
  { ...layer('ImplicitlyDenied'), grantsTheSession: false },
  { ...layer('ExplicitlyDenied'), grantsTheSession: false },
  { ...layer('ExplicitlyDenied'), grantedTo: 'principal', grantsTheSession: false },
  { ...layer('ExplicitlyDenied'), grantedTo: 'account', grantsTheSession: false },
];

function* layersFor({ owner, policy, action }: Edge): Generator<Layers> {
  const sameAccount = owner === service;
  for (const identity of outcomes)
    for (const resource of resourceResults)
      for (const boundary of outcomes)
        for (const scp of outcomes)
          for (const rcp of outcomes.filter((one) => one !== 'ImplicitlyDenied'))
            for (const vpce of action.startsWith('kms:') ? outcomes.slice(0, 1) : outcomes)
              for (const restrictedAsPublic of policy === 'bucket-policy' && !sameAccount ? [false, true] : [false]) {
                const all = [identity, resource.result, boundary, scp, rcp, vpce];
                if (all.filter((one) => one !== 'Allowed').length + Number(restrictedAsPublic) > 2) continue;
                yield {
                  sameAccount,
                  identity: layer(identity),
                  resource,
                  boundary: layer(boundary),
                  scp: layer(scp),
                  rcp: layer(rcp),
                  vpce: layer(vpce),
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
  // Wording a denial looks at nothing else of a world.
  return { accounts } as Partial<World> as World;
}

const ofTheResource: readonly string[] = [
  'bucket-policy',
  'key-policy',
  'role-trust-policy',
  'resource-control-policy',
  'block-public-access',
];

function isAmong(
  refusals: readonly Refusal[],
  owner: string,
  told: Pick<Denial, 'layer' | 'side' | 'effect'>,
): boolean {
  return refusals.some((refusal) => {
    const account = ofTheResource.includes(refusal.layer) ? owner : service;
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
    for (const layers of layersFor(edge)) {
      const rules = {
        resourceLayer: edge.policy,
        identitySufficesInOwnAccount: edge.policy === 'bucket-policy',
        grantedByGrant: false,
      };
      const decision = combine(layers, rules);
      if (decision.allowed) continue;
      seen++;
      const message = denialMessage(world, question, decision);
      const [diagnosis] = await diagnose(checked({ [edge.step]: { message } }, edge.of));
      const told = [diagnosis?.denial ?? {}, ...(diagnosis?.candidates ?? [])];
      const isTrue = (one: Pick<Denial, 'layer' | 'side' | 'effect'>) => isAmong(decision.refusals, edge.owner, one);
      const claims = diagnosis?.confidence === 'proven' ? told.slice(0, 1).every(isTrue) : true;
      if (!claims || !told.some(isTrue)) wrong.push({ message, refusals: decision.refusals, diagnosis });
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(20);
  });
});
