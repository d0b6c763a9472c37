import { PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import {
  allow,
  delivery,
  deliveryRoleArn,
  deny,
  editBucket,
  editRole,
  inboxBucket,
  inboxStatement,
  internalBucket,
  policy,
} from '../small-world.ts';
import { refusal, stage } from './outcome.ts';

const { world, s3 } = stage();

function put(more: Partial<PutObjectCommandInput> = {}) {
  return new PutObjectCommand({ Bucket: internalBucket, Key: 'key', Body: 'body', ...more });
}
const stored = (bucket: string) => world().buckets.get(bucket)?.objects.get('key');

describe('ACLs', () => {
  test.each(['private', 'public-read'] as const)('%s is not supported if the owner is enforced', async (ACL) => {
    expect(await refusal(s3().send(put({ ACL })))).toBe(
      'AccessControlListNotSupported: The bucket does not allow ACLs',
    );
  });

  test('bucket-owner-full-control is, and needs s3:PutObjectAcl', async () => {
    await s3().send(put({ ACL: 'bucket-owner-full-control' }));
    editRole(world(), deliveryRoleArn, { policies: [{ name: 'p', document: policy(allow('s3:PutObject', '*')) }] });
    expect(await refusal(s3().send(put({ ACL: 'bucket-owner-full-control' })))).toMatch(
      /: s3:PutObjectAcl on resource/,
    );
  });

  test('show in s3:x-amz-acl', async () => {
    const demand = deny('s3:PutObject', '*', {
      Principal: '*',
      Condition: { StringNotEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    });
    editBucket(world(), inboxBucket, { policy: policy(inboxStatement, demand) });
    expect(await refusal(s3().send(put({ Bucket: inboxBucket })))).toBe('AccessDenied: Access Denied');
    await s3().send(put({ Bucket: inboxBucket, ACL: 'bucket-owner-full-control' }));
  });

  test('for everyone are blocked by BlockPublicAcls, with the reason only for the owner', async () => {
    for (const name of [internalBucket, inboxBucket]) editBucket(world(), name, { objectOwnership: 'ObjectWriter' });
    const open = { ACL: 'public-read' } as const;
    expect(await refusal(s3().send(put(open)))).toBe(
      `AccessDenied: User: ${delivery.arn} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::internal/key" because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.`,
    );
    expect(await refusal(s3().send(put({ ...open, Bucket: inboxBucket })))).toBe('AccessDenied: Access Denied');
    const everybody = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
    expect(await refusal(s3().send(put({ GrantRead: everybody })))).toMatch(/BlockPublicAcls/);
    await s3().send(put({ ACL: 'private' }));
  });

  test('for everyone are accepted without BlockPublicAcls', async () => {
    const open = {
      BlockPublicAcls: false,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    editBucket(world(), internalBucket, { objectOwnership: 'ObjectWriter', publicAccessBlock: open });
    await s3().send(put({ ACL: 'public-read' }));
    expect(stored(internalBucket)).toBeDefined();
  });
});
