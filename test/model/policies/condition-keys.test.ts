import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { denialOf, refusal, stage } from '../../sandbox/s3/outcome.ts';
import { deny, editBucket, internalBucket, policy, serviceKeyArn } from '../../sandbox/small-world.ts';

const { world, s3 } = stage();
const object = { Bucket: internalBucket, Key: 'key' };
const put = (more: Partial<PutObjectCommandInput> = {}) =>
  s3().send(new PutObjectCommand({ ...object, Body: 'body', ...more }));

/** Denies the action to every request with exactly this in its context. */
function denyWhere(action: string, key: string, value: string): void {
  const condition = { StringEquals: { [key]: value } };
  editBucket(world(), internalBucket, { policy: policy(deny(action, '*', { Principal: '*', Condition: condition })) });
}

const owner = `id="${'a'.repeat(64)}"`;
const kms = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: serviceKeyArn } as const;

test.each<[string, string, string, Partial<PutObjectCommandInput>]>([
  ['s3:PutObject', 's3:x-amz-acl', 'bucket-owner-full-control', { ACL: 'bucket-owner-full-control' }],
  ['s3:PutObjectAcl', 's3:x-amz-acl', 'bucket-owner-full-control', { ACL: 'bucket-owner-full-control' }],
  ['s3:PutObject', 's3:x-amz-grant-read', owner, { GrantRead: owner }],
  ['s3:PutObjectAcl', 's3:x-amz-grant-full-control', owner, { GrantFullControl: owner }],
  ['s3:PutObject', 's3:x-amz-server-side-encryption', 'aws:kms', kms],
  ['s3:PutObject', 's3:x-amz-server-side-encryption-aws-kms-key-id', serviceKeyArn, kms],
  ['s3:PutObject', 's3:x-amz-storage-class', 'GLACIER', { StorageClass: 'GLACIER' }],
  ['s3:PutObject', 's3:x-amz-website-redirect-location', '/other', { WebsiteRedirectLocation: '/other' }],
  ['s3:PutObject', 's3:if-none-match', '*', { IfNoneMatch: '*' }],
  ['s3:PutObject', 's3:RequestObjectTag/a', '1', { Tagging: 'a=1' }],
  ['s3:PutObjectTagging', 's3:RequestObjectTag/a', '1', { Tagging: 'a=1' }],
])('%s has %s only if the header was sent', async (action, key, value, header) => {
  editBucket(world(), internalBucket, { objectOwnership: 'ObjectWriter' });
  denyWhere(action, key, value);
  await put();
  expect(await refusal(put({ ...header, Key: 'other' }))).toMatch(`${action} on resource`);
});

test.each([
  ['s3:authType', 'REST-HEADER'],
  ['s3:signatureversion', 'AWS4-HMAC-SHA256'],
  ['aws:RequestedRegion', 'us-east-1'],
])('every request has %s', async (key, value) => {
  denyWhere('s3:PutObject', key, value);
  expect(await denialOf(put())).toMatchObject({
    action: 's3:PutObject',
    effect: 'explicit',
    policy: 'resource-based policy',
  });
});

test('s3:TlsVersion is present only if requests count as TLS', async () => {
  denyWhere('s3:PutObject', 's3:TlsVersion', '1.3');
  expect(await denialOf(put())).toMatchObject({ effect: 'explicit' });
  Object.assign(world(), { network: { secureTransport: false } });
  await put();
});

test('s3:PutObject shows that it is part of a copy', async () => {
  await put();
  denyWhere('s3:PutObject', 's3:x-amz-metadata-directive', 'REPLACE');
  const copy = (more: object) =>
    s3().send(new CopyObjectCommand({ ...object, Key: 'other', CopySource: `${internalBucket}/key`, ...more }));
  await copy({});
  expect(await denialOf(copy({ MetadataDirective: 'REPLACE' }))).toMatchObject({ effect: 'explicit' });
});

test('s3:DeleteObject has s3:if-match, and s3:DeleteObjectVersion has s3:versionid', async () => {
  await put();
  denyWhere('s3:DeleteObject', 's3:if-match', '*');
  expect(await denialOf(s3().send(new DeleteObjectCommand({ ...object, IfMatch: '*' })))).toMatchObject({
    effect: 'explicit',
  });
  denyWhere('s3:DeleteObjectVersion', 's3:versionid', 'null');
  expect(await refusal(s3().send(new DeleteObjectCommand({ ...object, VersionId: 'null' })))).toMatch(
    /s3:DeleteObjectVersion .* explicit deny/,
  );
});

test('s3:ExistingObjectTag has the tags of the existing object', async () => {
  await put({ Tagging: 'secret=yes' });
  denyWhere('s3:GetObject', 's3:ExistingObjectTag/secret', 'yes');
  const copyOf = (key: string) =>
    s3().send(new CopyObjectCommand({ Bucket: internalBucket, Key: 'copy', CopySource: `${internalBucket}/${key}` }));
  expect(await denialOf(copyOf('key'))).toMatchObject({ action: 's3:GetObject', effect: 'explicit' });
  await put({ Key: 'open', Tagging: 'secret=no' });
  await copyOf('open');
});
