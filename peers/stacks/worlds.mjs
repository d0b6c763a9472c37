import {
  CreatePolicyCommand,
  DeletePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';

/**
 * What breaks a delivery. `breakIt` changes what is deployed and resolves to a function that changes it back; `event`
 * is the test event in that world. The check must report what a scenario in the catalog expects for the same fault.
 */
export const worlds = [
  {
    name: 'the bucket policy lost the statement that allows',
    expect: ['denied', 'copy-to-inbox', 'bucket-policy'],
    breakIt: (it) => bucketPolicy(it.customer, it.event.inbox.bucket, without('DeliverReports')),
  },
  {
    name: "the bucket policy denies the service's account",
    expect: ['denied', 'copy-to-inbox', 'bucket-policy'],
    breakIt: (it) => bucketPolicy(it.customer, it.event.inbox.bucket, denying(it, 's3:PutObject')),
  },
  {
    name: "the delivery role's policy allows no delivery",
    expect: ['denied', 'copy-to-inbox', 'identity-policy'],
    breakIt: ({ service, role }) => rolePolicy(service, role, 'delivery', without('DeliverEncrypted')),
  },
  {
    name: "the delivery role's policy denies PutObject",
    expect: ['denied', 'put-internal', 'identity-policy'],
    breakIt: ({ service, role }) =>
      rolePolicy(service, role, 'delivery', (statements) => [
        ...statements,
        { Sid: 'Broken', Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
      ]),
  },
  {
    // If inboxes are in the same account, the role may still write there, but not read.
    name: "the delivery role's policy leaves the internal bucket out",
    expect: ['denied', undefined, 'identity-policy'],
    breakIt: ({ service, role }) => rolePolicy(service, role, 'delivery', without('StoreAndReadInternalObjects')),
  },
  {
    name: 'a permissions boundary leaves PutObject out',
    expect: ['denied', 'put-internal', 'permissions-boundary'],
    breakIt: ({ service, role }) => boundary(service, role, { NotAction: 's3:PutObject' }),
  },
  {
    name: 'the trust policy does not name the check',
    expect: ['denied', 'assume-delivery-role', 'role-trust-policy'],
    breakIt: ({ service, role }) => trustPolicy(service, role, { AWS: service.id }, { 'aws:PrincipalArn': 'nobody' }),
  },
  {
    name: "the internal bucket's policy denies the service's account",
    expect: ['denied', 'put-internal', 'bucket-policy'],
    breakIt: (it) => bucketPolicy(it.service, it.outputs.InternalBucketName, denying(it, 's3:PutObject')),
  },
  {
    name: 'the key policy lost the statements for the service',
    expect: ['denied', 'put-internal', 'key-policy'],
    breakIt: (it) =>
      keyPolicy(
        it.customer,
        it.event.inbox.kmsKeyArn,
        without('EncryptDeliveredReports', 'EncryptAndReadWaitingReports'),
      ),
  },
  {
    name: "the key policy denies the service's account",
    expect: ['denied', 'put-internal', 'key-policy'],
    breakIt: (it) => keyPolicy(it.customer, it.event.inbox.kmsKeyArn, denying(it, 'kms:GenerateDataKey')),
  },
  {
    name: 'there is no such delivery role',
    expect: ['denied', 'assume-delivery-role'],
    event: (event, { outputs }) => ({ ...event, deliveryRoleArn: `${outputs.DeliveryRoleArn}-gone` }),
  },
  {
    name: 'the internal bucket does not exist',
    expect: ['misconfigured', 'put-internal', 'bucket-missing'],
    event: (event, { outputs }) => ({ ...event, internal: { bucket: `${outputs.InternalBucketName}-gone` } }),
  },
  {
    name: 'the bucket does not exist',
    expect: ['misconfigured', 'copy-to-inbox', 'bucket-missing'],
    event: (event) => inbox(event, { bucket: `${event.inbox.bucket}-gone` }),
  },
  {
    name: 'the bucket belongs to another account than the event says',
    expect: ['denied', 'copy-to-inbox', 'bucket-owner'],
    event: (event) => inbox(event, { accountId: '333333333333' }),
  },
  {
    name: 'the bucket is in another Region than the event says',
    expect: ['misconfigured', 'copy-to-inbox', 'region'],
    event: (event) => inbox(event, { bucket: `${event.inbox.bucket}-west` }),
    async breakIt({ customerIn, event: { inbox: bucketOf } }) {
      const Bucket = `${bucketOf.bucket}-west`;
      const west = customerIn('us-west-2');
      const CreateBucketConfiguration = { LocationConstraint: 'us-west-2' };
      await west.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      return () => undefined;
    },
  },
  {
    name: 'the key is disabled',
    expect: ['misconfigured', 'put-internal', 'key-state'],
    async breakIt({ customer: { kms }, event }) {
      const KeyId = event.inbox.kmsKeyArn;
      await kms.send(new DisableKeyCommand({ KeyId }));
      return () => kms.send(new EnableKeyCommand({ KeyId }));
    },
  },
  {
    name: 'the key is pending deletion',
    expect: ['misconfigured', 'put-internal', 'key-state'],
    async breakIt({ customer: { kms }, event }) {
      const KeyId = event.inbox.kmsKeyArn;
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      return async () => {
        await kms.send(new CancelKeyDeletionCommand({ KeyId }));
        await kms.send(new EnableKeyCommand({ KeyId }));
      };
    },
  },
  {
    name: 'the key does not exist',
    expect: ['denied', 'put-internal', 'key-missing'],
    event: (event) => inbox(event, { kmsKeyArn: event.inbox.kmsKeyArn.replace(/[^/]*$/, goneKey) }),
  },
  {
    name: 'the key is asymmetric',
    expect: ['misconfigured', 'put-internal', 'key-state'],
    async breakIt(it) {
      const { kms } = it.customer;
      const { Policy } = await kms.send(
        new GetKeyPolicyCommand({ KeyId: it.event.inbox.kmsKeyArn, PolicyName: 'default' }),
      );
      const asymmetric = { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT', Policy };
      const { KeyMetadata } = await kms.send(new CreateKeyCommand(asymmetric));
      it.asymmetricKeyArn = KeyMetadata.Arn;
      return () => undefined;
    },
    event: (event, { asymmetricKeyArn }) => inbox(event, { kmsKeyArn: asymmetricKeyArn }),
  },
];

const goneKey = '00000000-0000-4000-8000-000000000000';
const inbox = (event, fields) => ({ ...event, inbox: { ...event.inbox, ...fields } });

const without =
  (...sids) =>
  (statements) =>
    statements.filter(({ Sid }) => !sids.includes(Sid));

const denying =
  ({ service }, Action) =>
  (statements) => {
    // A bucket policy names its objects, a key policy refers to its key as "*".
    const Resource = Action.startsWith('s3:') ? statements[0].Resource : '*';
    const Condition = { StringEquals: { 'aws:PrincipalAccount': service.id } };
    return [...statements, { Sid: 'Broken', Effect: 'Deny', Principal: '*', Action, Resource, Condition }];
  };

const changed = (text, change) => {
  const policy = JSON.parse(text);
  return JSON.stringify({ ...policy, Statement: change(policy.Statement) });
};

async function bucketPolicy({ s3 }, Bucket, change) {
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  const put = (text) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: text }));
  await put(changed(Policy, change));
  return () => put(Policy);
}

async function keyPolicy({ kms }, KeyId, change) {
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  const put = (text) => kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: text }));
  await put(changed(Policy, change));
  return () => put(Policy);
}

async function rolePolicy({ iam }, RoleName, PolicyName, change) {
  const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  const before = decodeURIComponent(PolicyDocument);
  const put = (text) => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: text }));
  await put(changed(before, change));
  return () => put(before);
}

async function trustPolicy({ iam }, RoleName, Principal, StringEquals) {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const put = (PolicyDocument) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition: { StringEquals } }];
  await put(JSON.stringify({ Version: '2012-10-17', Statement }));
  return () => put(decodeURIComponent(Role.AssumeRolePolicyDocument));
}

async function boundary({ iam }, RoleName, allowed) {
  const Statement = [{ Effect: 'Allow', Resource: '*', ...allowed }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'boundary', PolicyDocument }));
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: Policy.Arn }));
  return async () => {
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    await iam.send(new DeletePolicyCommand({ PolicyArn: Policy.Arn }));
  };
}
