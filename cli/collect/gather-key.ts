import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  type GrantListEntry,
  type KeyMetadata,
  paginateListGrants,
} from '@aws-sdk/client-kms';
import { parseArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import { type Grant, type KeyState, keyStates, type PolicyDocument } from '../../model/world/world.ts';
import { type AskedAccount, askAws, ofAllPages } from './ask-aws.ts';
import { answerIn, mapped, type ReadResult, read, storedPolicy } from './read-results.ts';

export interface KeyFacts {
  /** As named in the event. */
  readonly arn: string;
  readonly metadata: ReadResult<KeyDescription | 'missing'>;
  /** Absent if the key doesn't exist. */
  readonly policy?: ReadResult<PolicyDocument>;
  readonly grants?: ReadResult<readonly Grant[]>;
}

interface KeyDescription {
  /** The key's Region, which may differ from the event's. */
  readonly arn: string;
  readonly region: string;
  /** `other` for states that a scenario can't express. */
  readonly state: KeyState | 'other';
  readonly spec: string;
}

export async function gatherKey(account: AskedAccount, arn: string): Promise<KeyFacts> {
  const metadata = await describe(account, arn);
  if (isMissing({ metadata })) return { arn, metadata };
  const found = descriptionIn({ metadata })?.arn ?? arn;
  const region = regionOf(found);
  const [policy, grants] = await Promise.all([
    askAws(account, 'kms:GetKeyPolicy', async (clients): Promise<PolicyDocument> => {
      const command = new GetKeyPolicyCommand({ KeyId: found, PolicyName: 'default' });
      return storedPolicy((await clients.kms(region).send(command)).Policy);
    }),
    askAws(account, 'kms:ListGrants', (clients) =>
      ofAllPages(paginateListGrants({ client: clients.kms(region) }, { KeyId: found }), (page) =>
        page.Grants?.map(grantOf),
      ),
    ),
  ]);
  return { arn, metadata, policy, grants };
}

export function isMissing({ metadata }: Pick<KeyFacts, 'metadata'>): boolean {
  return answerIn(metadata) === 'missing';
}

export function descriptionIn({ metadata }: Pick<KeyFacts, 'metadata'>): KeyDescription | undefined {
  const found = answerIn(metadata);
  return found === 'missing' ? undefined : found;
}

/** @param arn an ARN with an alias or a key ID */
export function keyArnNamed(account: AskedAccount, arn: string): Promise<ReadResult<string | undefined>> {
  return askAws<string | undefined>(
    account,
    'kms:DescribeKey',
    async (clients) => {
      const { KeyMetadata } = await clients.kms(regionOf(arn)).send(new DescribeKeyCommand({ KeyId: arn }));
      return KeyMetadata?.Arn;
    },
    { NotFoundException: undefined },
  );
}

async function describe(account: AskedAccount, arn: string): Promise<KeyFacts['metadata']> {
  const here = await describeIn(account, arn, regionOf(arn));
  if (here.kind === 'unread' || here.value !== 'missing') return here;
  // Key IDs are unique: if the ID exists in another Region, it is the intended key, and the Region is mistyped.
  const others = regionsOnByDefault.filter((region) => region !== regionOf(arn));
  const elsewhere = await Promise.all(others.map((region) => describeIn(account, arn, region).catch(() => undefined)));
  return elsewhere.find((reading) => reading?.kind === 'read' && reading.value !== 'missing') ?? read('missing');
}

async function describeIn(account: AskedAccount, arn: string, region: string): Promise<KeyFacts['metadata']> {
  const KeyId = arn.replace(`:${regionOf(arn)}:`, `:${region}:`);
  const metadata = await askAws<KeyMetadata | undefined>(
    account,
    'kms:DescribeKey',
    async (clients) => (await clients.kms(region).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata,
    { NotFoundException: undefined },
  );
  return mapped(metadata, (found) => (found ? description(found, KeyId) : 'missing'));
}

function description({ Arn, KeyState: state, KeySpec }: KeyMetadata, asked: string): KeyDescription {
  const arn = Arn ?? asked;
  return {
    arn,
    region: regionOf(arn),
    state: keyStates.find((known) => known === state) ?? 'other',
    spec: KeySpec ?? 'SYMMETRIC_DEFAULT',
  };
}

function grantOf({ GrantId = '', GranteePrincipal = '', Operations = [], Constraints }: GrantListEntry): Grant {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = Constraints ?? {};
  return {
    grantId: GrantId,
    granteePrincipal: GranteePrincipal,
    operations: Operations,
    ...((equals || subset) && {
      constraints: defined({ EncryptionContextEquals: equals, EncryptionContextSubset: subset }),
    }),
  };
}

export function regionOf(arn: string): string {
  return parseArn(arn)?.region ?? '';
}

/**
 * The Regions that are enabled by default in every account.
 *
 * Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const regionsOnByDefault = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
] as const;
