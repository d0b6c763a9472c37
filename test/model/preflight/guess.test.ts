import { guess } from '../../../model/preflight/guess.ts';

const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const toRole = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:role/delivery' } };
const denyAll = { Effect: 'Deny', Action: 's3:*', Resource: '*' };

it.each<readonly [string, object, string, unknown]>([
  [
    'a bucket policy',
    policy({ ...toRole, Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/*' }),
    'a.json',
    'bucketPolicy',
  ],
  [
    'one that only denies',
    policy({ ...denyAll, Principal: '*', Resource: 'arn:aws:s3:::inbox/*' }),
    'a.json',
    'bucketPolicy',
  ],
  ['a key policy', policy({ ...toRole, Action: ['kms:Decrypt'], Resource: '*' }), 'a.json', 'keyPolicy'],
  [
    'one that trusts everybody',
    policy({ ...toRole, Principal: '*', Action: 'kms:*', Resource: '*' }),
    'a.json',
    'keyPolicy',
  ],
  ['an RCP', policy({ ...denyAll, Principal: '*' }), 'a.json', 'resourceControlPolicy'],
  [
    'the service’s RCP',
    policy({ ...denyAll, Principal: '*' }),
    'rcp-of-the-service.json',
    'serviceResourceControlPolicy',
  ],
  ['an SCP', policy(denyAll), 'a.json', 'serviceControlPolicy'],
  ['the customer’s SCP', policy(denyAll), 'customer-scp.json', 'customerServiceControlPolicy'],
  [
    'an endpoint policy',
    policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }),
    'a.json',
    'vpcEndpointPolicy',
  ],
  // https://github.com/aws-samples/data-perimeter-policy-examples, vpc_endpoint_policies/s3_endpoint_policy.json
  [
    'one that also names buckets of AWS',
    policy(
      { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::al2023-us-east-1/*' },
    ),
    's3_endpoint_policy.json',
    'vpcEndpointPolicy',
  ],
  // The same, resource_control_policies/data_perimeter_governance_rcp.json
  [
    'an RCP about sessions',
    policy({ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }),
    'a.json',
    'resourceControlPolicy',
  ],
  ['a boundary', policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), 'boundary.json', 'permissionsBoundary'],
])('%s', (_, value, file, slot) => {
  expect(guess(value, file)).toEqual({ holds: 'policy', slot });
});

it('recognizes events, scenarios and templates', () => {
  expect(guess({ customer: 'acme', inbox: {} }, 'a.json')).toEqual({ holds: 'event' });
  expect(guess({ customer: 'acme' }, 'event.json')).toEqual({ holds: 'event' });
  expect(guess({ customer: 'acme' }, 'invoice.json')).toMatchObject({ holds: 'nothing' });
  expect(guess({ name: 'A', why: 'b', expect: {} }, 'a.yaml')).toEqual({ holds: 'scenario' });
  expect(guess({ Resources: { Key: { Type: 'AWS::KMS::Key' } } }, 'a.yaml')).toEqual({ holds: 'template' });
});

it('does not choose if content and name leave it open', () => {
  const found = guess(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }), 'policy.json');
  expect(found).toMatchObject({ holds: 'doubtful', slots: expect.arrayContaining(['permissionsBoundary']) });
});

it.each<readonly [string, unknown, RegExp]>([
  ['a package', { name: 'x', version: '1' }, /not a policy/],
  ['a list', [], /no object/],
  ['a trust policy', policy({ ...toRole, Action: 'sts:AssumeRole' }), /trust policy of a role/],
])('says why it does not use %s', (_, value, why) => {
  expect(guess(value, 'a.json')).toMatchObject({ holds: 'nothing', why: expect.stringMatching(why) });
});
