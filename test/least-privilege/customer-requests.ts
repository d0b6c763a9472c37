import { deliveredAs, headersOf } from '../../core/s3-headers.ts';
import type { Caller, World } from '../../model/world/world.ts';
import { here } from '../here.ts';
import type { Asked } from './asking.ts';
import { readersRole } from './customer-policies.ts';
import { document, everything, mustHave, reader, roleNamed, sessionOf, withRole } from './worlds.ts';

/** The worst case for the customer: everyone may do everything that the customer's own policies don't deny. */
export function withEverybody(world: World): World {
  const delivery = mustHave(world.roles, world.deliveryRoleArn);
  const inhabited = [{ ...delivery, policies: [everything] }, reader, colleague, stranger].reduce(withRole, world);
  const { policy: _, ...bucket } = mustHave(world.buckets, world.inboxBucket);
  const key = mustHave(world.keys, world.inboxKeyArn);
  const own = { Effect: 'Allow', Principal: { AWS: owner(world).arn }, Action: 'kms:*', Resource: '*' } as const;
  return {
    ...inhabited,
    buckets: new Map([...world.buckets, ['payroll', { ...bucket, name: 'payroll' }]]),
    keys: new Map([...world.keys, [payrollKeyArn, { ...key, arn: payrollKeyArn, policy: document([own]) }]]),
  };
}

/** The customer's other resources in the same account. */
export const payrollKeyArn = here('arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-00000000000e');

export const colleague = roleNamed(here('arn:aws:iam::111111111111:role/colleague'), [everything]);
export const stranger = roleNamed(here('arn:aws:iam::333333333333:role/stranger'), [everything]);

export const service = ({ roles, deliveryRoleArn }: World): Caller => sessionOf(mustHave(roles, deliveryRoleArn));
export const reading = ({ roles }: World): Caller => sessionOf(readersRole(roles) ?? reader);
export const owner = ({ callers, customerAccountId }: World): Caller =>
  mustHave(callers, `AKIAROOT${customerAccountId}`);

export const inbox = ({ inboxBucket }: World, key = '') =>
  here(`arn:aws:s3:::${inboxBucket}${key === '' ? '' : `/${key}`}`);
export const report = 'reports/2026/report.pdf';

/** A delivery, or one with differences. */
export const put = (world: World, difference: Partial<Asked> = {}): Asked => ({
  caller: service(world),
  action: 's3:PutObject',
  resource: inbox(world, report),
  headers: headersOf(deliveredAs({ kmsKeyArn: world.inboxKeyArn })),
  ...difference,
});

/** S3's requests to KMS on behalf of a caller. */
export const useKey = (
  world: World,
  caller: Caller,
  action: string,
  encryptionContextArn: string,
  viaS3 = true,
): Asked => ({
  caller,
  action,
  resource: world.inboxKeyArn,
  encryptionContextArn,
  viaS3,
});

export const assume = ({ roles }: World, caller: Caller): Asked => ({
  caller,
  action: 'sts:AssumeRole',
  resource: readersRole(roles)?.arn ?? '',
});

export const list = (world: World, prefix?: string): Asked => ({
  caller: reading(world),
  action: 's3:ListBucket',
  resource: inbox(world),
  ...(prefix !== undefined && { context: { 's3:prefix': prefix } }),
});

export const another = here('arn:aws:kms:us-east-1:333333333333:key/00000000-0000-4000-8000-00000000000f');
export const doubly = { 'x-amz-server-side-encryption': 'aws:kms:dsse' };

/** A user of the customer.  */
export const clerk: Caller = {
  accessKeyId: 'AKIACLERK',
  secretAccessKey: 'sandbox-secret',
  accountId: '222222222222',
  arn: here('arn:aws:iam::222222222222:user/clerk'),
  userId: 'AIDACLERK',
};
