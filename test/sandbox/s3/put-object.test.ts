import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import {
  allow,
  customerAccount,
  deliveryRoleArn,
  editBucket,
  editRole,
  europeanBucket,
  idle,
  inboxBucket,
  internalBucket,
  policy,
  serviceAccount,
} from '../small-world.ts';
import { codeOf, denialOf, refusal, stage } from './outcome.ts';

const { world, s3 } = stage();

function put(more: Partial<PutObjectCommandInput> = {}) {
  return new PutObjectCommand({ Bucket: internalBucket, Key: 'key', Body: 'body', ...more });
}
const stored = (bucket: string) => world().buckets.get(bucket)?.objects.get('key');

describe('PutObject', () => {
  test('stores body, content type, metadata and tags', async () => {
    await s3().send(put({ ContentType: 'text/plain', Metadata: { color: 'red' }, Tagging: 'a=1&b=2' }));
    expect(stored(internalBucket)).toMatchObject({
      body: Buffer.from('body'),
      contentType: 'text/plain',
      metadata: { color: 'red' },
      tags: { a: '1', b: '2' },
    });
  });

  test('keeps no more memory than the body needs, because small buffers share a pool', async () => {
    await s3().send(put());
    const { body } = stored(internalBucket) ?? {};
    expect([body?.length, body?.buffer.byteLength]).toEqual([4, 4]);
  });

  test.each(['a*b', '*', 'what?', 'a/**/b?*'])('accepts %s as an ordinary key', async (Key) => {
    editRole(world(), deliveryRoleArn, {
      policies: [{ name: 'p', document: policy(allow('s3:PutObject', `arn:aws:s3:::${internalBucket}/${Key}`)) }],
    });
    await s3().send(put({ Key }));
    expect([...(world().buckets.get(internalBucket)?.objects.keys() ?? [])]).toEqual([Key]);
    editRole(world(), deliveryRoleArn, {
      policies: [{ name: 'p', document: policy(allow('s3:PutObject', `arn:aws:s3:::${internalBucket}/other`)) }],
    });
    expect(await refusal(s3().send(put({ Key })))).toContain(`on resource: "arn:aws:s3:::${internalBucket}/${Key}"`);
  });

  test.each<[string, string, string]>([
    ['of AWS itself', 'aws:a=1', 'InvalidTag'],
    ['with an empty key', '=1', 'InvalidTag'],
    ['with a key that is too long', `${'k'.repeat(129)}=1`, 'InvalidTag'],
    ['with a value that is too long', `k=${'v'.repeat(257)}`, 'InvalidTag'],
    ['with characters that tags cannot have', 'k=%5B1%5D', 'InvalidTag'],
    ['that are not parameters of a URL', 'key1=val1,key2=val2', 'InvalidArgument'],
    ['of more than ten', [...'abcdefghijk'].map((key) => `${key}=1`).join('&'), 'BadRequest'],
  ])('rejects tags %s', async (_, Tagging, code) => {
    expect(await refusal(s3().send(put({ Tagging })))).toMatch(new RegExp(`^${code}: `));
    expect(stored(internalBucket)).toBeUndefined();
  });

  test('returns a version ID only for a versioned bucket', async () => {
    expect((await s3().send(put())).VersionId).toBeUndefined();
    editBucket(world(), internalBucket, { versioned: true });
    expect((await s3().send(put())).VersionId).toMatch(/^[\w.]{32}$/);
  });

  test('with If-None-Match: * only creates', async () => {
    await s3().send(put({ IfNoneMatch: '*' }));
    expect(await codeOf(s3().send(put({ IfNoneMatch: '*', Body: 'other' })))).toBe('PreconditionFailed');
    expect(stored(internalBucket)?.body.toString()).toBe('body');
  });

  test('with If-Match replaces only the named version', async () => {
    expect(await codeOf(s3().send(put({ IfMatch: '"x"' })))).toBe('NoSuchKey');
    const { ETag } = await s3().send(put());
    expect(await codeOf(s3().send(put({ IfMatch: '"x"' })))).toBe('PreconditionFailed');
    await s3().send(put({ IfMatch: ETag, Body: 'other' }));
    expect(stored(internalBucket)?.body.toString()).toBe('other');
  });
});

describe('PutObject is refused', () => {
  test("if no identity policy allows it, with the reason for the bucket's owner", async () => {
    expect(await refusal(s3({ credentials: idle }).send(put()))).toBe(
      `AccessDenied: User: ${idle.arn} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::internal/key" because no identity-based policy allows the s3:PutObject action`,
    );
  });

  test('opaquely by the bucket of another organization', async () => {
    editBucket(world(), inboxBucket, { policy: policy() });
    expect(await refusal(s3().send(put({ Bucket: inboxBucket })))).toBe('AccessDenied: Access Denied');
  });

  test('if the bucket is in another Region, with the Region in a header', async () => {
    const call = s3().send(put({ Bucket: europeanBucket }));
    await expect(call).rejects.toMatchObject({
      name: 'PermanentRedirect',
      Endpoint: 'european.s3.eu-west-1.amazonaws.com',
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    });
    expect(await codeOf(s3({ region: 'eu-west-1' }).send(put({ Bucket: europeanBucket })))).toBe('AccessDenied');
  });

  test('if the bucket has another owner than expected, opaquely even for its owner', async () => {
    expect(await refusal(s3().send(put({ ExpectedBucketOwner: customerAccount })))).toBe('AccessDenied: Access Denied');
    await s3().send(put({ ExpectedBucketOwner: serviceAccount }));
  });

  test('because of its tags, by the permission to tag', async () => {
    editRole(world(), deliveryRoleArn, {
      policies: [{ name: 'p', document: policy(allow('s3:PutObject', '*')) }],
    });
    await s3().send(put());
    expect(await denialOf(s3().send(put({ Tagging: 'a=1' })))).toMatchObject({ action: 's3:PutObjectTagging' });
  });

  test('nothing is stored', async () => {
    await refusal(s3({ credentials: idle }).send(put()));
    expect(stored(internalBucket)).toBeUndefined();
  });
});
