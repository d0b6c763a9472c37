import { XMLParser } from 'fast-xml-parser';
import { bucketAsCreated } from '../../../../model/world/default-names.ts';
import type {
  Bucket,
  DefaultEncryption,
  ObjectOwnership,
  PolicyDocument,
  World,
} from '../../../../model/world/world.ts';
import { addressOf, admitBucket } from '../../../../sandbox/s3/address.ts';
import { ask } from '../../../../sandbox/s3/ask.ts';
import {
  AwsError,
  type SandboxRequest,
  type SandboxResponse,
  type ServiceOperation,
} from '../../../../sandbox/wire/operation.ts';
import { element, xmlDocument } from '../../../../sandbox/wire/xml.ts';
import { type Made, missingPrincipals } from './double.ts';

const parser = new XMLParser({ parseTagValue: false, isArray: (name) => ['Tag', 'Object', 'Rule'].includes(name) });
const done: SandboxResponse = { status: 200, headers: {}, body: '' };
const gone: SandboxResponse = { status: 204, headers: {}, body: '' };
const xml = (body: string): SandboxResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument(body),
});

type Work = (on: {
  readonly world: World;
  readonly request: SandboxRequest;
  readonly bucket: Bucket;
}) => SandboxResponse;

/** The S3 operations with which the command writes. https://docs.aws.amazon.com/AmazonS3/latest/API/ */
export function s3Writes({ tags, later }: Made): Readonly<Record<string, ServiceOperation>> {
  const edit = (world: World, { name }: Bucket, change: (bucket: Bucket) => Bucket) =>
    later(() => {
      const bucket = world.buckets.get(name);
      if (bucket) world.buckets.set(name, change(bucket));
    });

  const works: Readonly<Record<string, readonly [action: string, work: Work]>> = {
    PutBucketTagging: [
      'PutBucketTagging',
      ({ bucket, request }) => {
        const { Tag } = parser.parse(request.body.toString()).Tagging.TagSet;
        tags.set(bucket.name, Object.fromEntries(Tag.map(({ Key, Value }: Record<string, string>) => [Key, Value])));
        return gone;
      },
    ],
    GetBucketTagging: [
      'GetBucketTagging',
      ({ bucket }) => {
        const found = tags.get(bucket.name);
        if (!found) throw new AwsError('NoSuchTagSet', 404, 'The TagSet does not exist', { BucketName: bucket.name });
        const each = Object.entries(found).map(([key, value]) =>
          element('Tag', [element('Key', key), element('Value', value)]),
        );
        return xml(element('Tagging', [element('TagSet', each)]));
      },
    ],
    PutBucketVersioning: [
      'PutBucketVersioning',
      ({ world, bucket }) => {
        edit(world, bucket, (now) => ({ ...now, versioned: true }));
        return done;
      },
    ],
    PutBucketPolicy: [
      'PutBucketPolicy',
      ({ world, bucket, request }) => {
        const text = request.body.toString();
        const policy = JSON.parse(text) as PolicyDocument;
        if (missingPrincipals(world, text).length > 0)
          throw new AwsError('MalformedPolicy', 400, 'Invalid principal in policy');
        const isPublic = [policy.Statement]
          .flat()
          .some(({ Effect, Principal }) => Effect === 'Allow' && /"\*"/.test(JSON.stringify(Principal)));
        if (isPublic && bucket.publicAccessBlock?.BlockPublicPolicy) {
          throw new AwsError(
            'AccessDenied',
            403,
            'public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
          );
        }
        edit(world, bucket, (now) => ({ ...now, policy }));
        return gone;
      },
    ],
    DeleteBucketPolicy: [
      'DeleteBucketPolicy',
      ({ world, bucket }) => {
        edit(world, bucket, ({ policy: _, ...now }) => now);
        return gone;
      },
    ],
    PutPublicAccessBlock: [
      'PutBucketPublicAccessBlock',
      ({ world, bucket, request }) => {
        const given = parser.parse(request.body.toString()).PublicAccessBlockConfiguration;
        const isOn = (name: string) => given[name] === 'true';
        // Without the lag, because a public policy is saved right after it.
        world.buckets.set(bucket.name, {
          ...bucket,
          publicAccessBlock: {
            BlockPublicAcls: isOn('BlockPublicAcls'),
            IgnorePublicAcls: isOn('IgnorePublicAcls'),
            BlockPublicPolicy: isOn('BlockPublicPolicy'),
            RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
          },
        });
        return done;
      },
    ],
    DeletePublicAccessBlock: [
      'PutBucketPublicAccessBlock',
      ({ world, bucket: { publicAccessBlock: _, ...bucket } }) => {
        world.buckets.set(bucket.name, bucket);
        return gone;
      },
    ],
    PutBucketOwnershipControls: [
      'PutBucketOwnershipControls',
      ({ world, bucket, request }) => {
        const [rule] = parser.parse(request.body.toString()).OwnershipControls.Rule;
        const objectOwnership: ObjectOwnership = rule.ObjectOwnership;
        edit(world, bucket, (now) => ({ ...now, objectOwnership }));
        return done;
      },
    ],
    PutBucketEncryption: [
      'PutEncryptionConfiguration',
      ({ world, bucket, request }) => {
        const [rule] = parser.parse(request.body.toString()).ServerSideEncryptionConfiguration.Rule;
        const { SSEAlgorithm, KMSMasterKeyID } = rule.ApplyServerSideEncryptionByDefault;
        const defaultEncryption: DefaultEncryption = {
          sseAlgorithm: SSEAlgorithm,
          bucketKeyEnabled: rule.BucketKeyEnabled === 'true',
          ...(KMSMasterKeyID !== undefined && { kmsKeyArn: KMSMasterKeyID }),
        };
        edit(world, bucket, (now) => ({ ...now, defaultEncryption }));
        return done;
      },
    ],
    ListObjectVersions: [
      'ListBucketVersions',
      ({ bucket }) => {
        const versions = [...bucket.objects.values()].map(({ key, versionId = 'null' }) =>
          element('Version', [element('Key', key), element('VersionId', versionId)]),
        );
        return xml(element('ListVersionsResult', [element('IsTruncated', 'false'), ...versions]));
      },
    ],
    DeleteObjects: [
      'DeleteObjectVersion',
      ({ bucket, request }) => {
        const found = parser.parse(request.body.toString()).Delete.Object as readonly { readonly Key: string }[];
        for (const { Key } of found) bucket.objects.delete(Key);
        return xml(element('DeleteResult', []));
      },
    ],
    DeleteBucket: [
      'DeleteBucket',
      ({ world, bucket }) => {
        if (bucket.objects.size > 0)
          throw new AwsError('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty');
        world.buckets.delete(bucket.name);
        tags.delete(bucket.name);
        return gone;
      },
    ],
  };
  const onBuckets = Object.entries(works).map(([operation, [action, work]]) => {
    const run: ServiceOperation = async (world, request) => {
      const { bucket: name = '' } = addressOf(request.headers['host'], request.path);
      const bucket = admitBucket(world, request, name);
      const key = action === 'DeleteObjectVersion' ? { key: 'any' } : {};
      ask(world, request, { action: `s3:${action}`, bucket, ...key });
      return work({ world, request, bucket });
    };
    return [operation, run] as const;
  });
  return { ...Object.fromEntries(onBuckets), CreateBucket: createBucket };
}

const createBucket: ServiceOperation = async (world, request) => {
  const { bucket: name = '' } = addressOf(request.headers['host'], request.path);
  if (world.buckets.has(name)) {
    throw new AwsError('BucketAlreadyExists', 409, 'The requested bucket name is not available.', { BucketName: name });
  }
  const bucket: Bucket = {
    name,
    accountId: request.caller.accountId,
    region: request.region,
    ...bucketAsCreated,
    objects: new Map(),
  };
  ask(world, request, { action: 's3:CreateBucket', bucket });
  world.buckets.set(name, bucket);
  return { ...done, headers: { location: `/${name}` } };
};
