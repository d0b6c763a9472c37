import { CopyObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { statementsOf } from '../../../model/world/policy-parts.ts';
import type { PolicyStatement, World } from '../../../model/world/world.ts';
import { startSandbox } from '../../../sandbox/start.ts';
import { document, mustHave, roleNamed, sessionOf, withRole } from '../../least-privilege/worlds.ts';

export type CloudTrailRecord = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
export interface CloudTrailEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: CloudTrailRecord;
  readonly [field: string]: unknown;
}

/** A CloudTrail record, as EventBridge sends it. */
export function asEvent(record: CloudTrailRecord): CloudTrailEvent {
  return {
    version: '0',
    id: String(record['eventID']),
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${String(record['eventSource']).split('.')[0]}`,
    account: String(record['recipientAccountId']),
    time: String(record['eventTime']),
    region: String(record['awsRegion']),
    resources: [],
    detail: record,
  };
}

/** The service account's events for denied calls. */
export function deniedIn({ trail, serviceAccountId }: Pick<World, 'trail' | 'serviceAccountId'>): CloudTrailEvent[] {
  return trail
    .filter(({ recipientAccountId, record }) => recipientAccountId === serviceAccountId && record['errorCode'])
    .map(({ record }) => asEvent(record));
}

const application = roleNamed('arn:aws:iam::111111111111:role/reports');

/** Makes the application one of the deliverers. */
function withApplication(world: World): World {
  const caller = sessionOf(application);
  const role = mustHave(world.roles, world.deliveryRoleArn);
  const trusted: PolicyStatement = {
    Effect: 'Allow',
    Principal: { AWS: application.arn },
    Action: 'sts:AssumeRole',
    Condition: { StringNotLike: { 'sts:RoleSessionName': 'check-*' } },
  };
  const trustPolicy = document([...statementsOf(role.trustPolicy), trusted]);
  return {
    ...withRole(withRole(world, application), { ...role, trustPolicy }),
    callers: new Map([...world.callers, [caller.accessKeyId, caller]]),
  };
}

/**
 * Delivers one report like the application, in a session with its own name, and records the result in the trail.
 *
 * @returns the denials of this delivery
 */
export async function deliver(checked: World, sessionName = 'report-4711'): Promise<readonly CloudTrailEvent[]> {
  const world = withApplication(checked);
  const before = world.trail.length;
  const sandbox = await startSandbox({ world });
  const settings = { endpoint: sandbox.url, region: 'us-east-1', maxAttempts: 1, forcePathStyle: true };
  const sts = new STSClient({ ...settings, credentials: sessionOf(application) });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: world.deliveryRoleArn, RoleSessionName: sessionName }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const s3 = new S3Client({ ...settings, credentials });
    const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: world.inboxKeyArn } as const;
    const { internalBucket, inboxBucket } = world;
    const put = new PutObjectCommand({ Bucket: internalBucket, Key: 'acme/4711.json', Body: '{}', ...encryption });
    const copy = new CopyObjectCommand({
      Bucket: inboxBucket,
      Key: 'reports/4711.json',
      CopySource: `${internalBucket}/acme/4711.json`,
      ...encryption,
    });
    await s3.send(put);
    await s3.send(copy);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccessDenied') throw error;
  } finally {
    await sandbox.stop();
  }
  return deniedIn({ ...world, trail: world.trail.slice(before) });
}
