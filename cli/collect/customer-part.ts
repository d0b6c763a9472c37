import { parseArn } from '../../core/arn.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Carry } from './carry-to-scenario.ts';
import type { CustomerFacts } from './gather-accounts.ts';
import type { BucketFacts } from './gather-bucket.ts';
import { isMissing } from './gather-key.ts';
import { answerIn } from './read-results.ts';

/** The facts read from Account B as parts of a scenario. Undefined ones stay as in the template. */
export function customerPart(
  facts: CustomerFacts,
  parameters: Readonly<Record<string, string>>,
  region: string,
  carry: Carry,
): Readonly<Record<string, unknown>> {
  const { accountId, organization, inbox } = facts;
  return {
    accountId,
    region,
    ...carry.organization('customer', organization),
    parameters,
    inbox: inboxPart(inbox, region, carry),
    key: keyPart(facts, region, carry),
  };
}

/** Placeholder ID for an unknown owner, because S3 never reveals a bucket's owner. */
const somebodyElse = '000000000000';

function inboxPart(inbox: BucketFacts, region: string, carry: Carry): Readonly<Record<string, unknown>> {
  const { place, settings } = inbox;
  const path = 'customer.inbox';
  // A policy that could be read proves that the bucket exists in the expected account.
  if (settings?.policy.kind === 'unread') carry.unknown.take(`${path}.exists`, place);
  const found = answerIn(place);
  if (found?.kind === 'missing') return { exists: false };
  const home = found?.region;
  return {
    region: home === region ? undefined : home,
    owner: found?.kind === 'foreign' ? somebodyElse : undefined,
    ...carry.bucket(path, inbox),
    blockPublicAccess: settings && carry.unknown.take(`${path}.blockPublicAccess`, settings.publicAccessBlock),
  };
}

function keyPart(
  { key, accountId }: CustomerFacts,
  region: string,
  carry: Carry,
): Readonly<Record<string, unknown>> | undefined {
  const path = 'customer.key';
  if (!key.arn.includes(`:${accountId}:`)) {
    const owner = parseArn(key.arn)?.accountId;
    carry.unknown.add(path, 'kms:GetKeyPolicy', `the key belongs to ${owner}, and a scenario has two accounts`);
    return undefined;
  }
  const { metadata, policy, grants } = key;
  if (isMissing(key)) return undefined;
  const description = carry.unknown.take(`${path}.state`, metadata);
  const found = description === 'missing' ? undefined : description;
  const listed = grants && carry.unknown.take(`${path}.grants`, grants);
  return {
    keyPolicy: policy && carry.policy(`${path}.keyPolicy`, policy),
    state: carry.keyState(`${path}.state`, key),
    spec: found?.spec,
    region: found && found.region !== region ? found.region : undefined,
    grants: listed?.map(({ granteePrincipal, operations, constraints }) =>
      carry.portable.of({ granteePrincipal, operations, constraints }),
    ),
  };
}

/** Parameters of the customer's template that differ from the sandbox's defaults. */
export function parametersFor(
  { accountId, inbox }: CustomerFacts,
  region: string,
  prefix: string,
): Readonly<Record<string, string>> {
  return {
    ...(inbox.name !== `secure-inbox-${accountId}-${region}` && { BucketName: inbox.name }),
    ...(prefix !== defaults.prefix && templatePrefix.test(prefix) && { Prefix: prefix }),
  };
}

/** The pattern of the template's parameter, which is stricter than a test event's. */
const templatePrefix = /^([A-Za-z0-9!_.()-]+\/)*$/;
