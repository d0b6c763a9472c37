import { type GrammarSettings, policyErrors, policyProblems } from '../../policy/grammar.ts';
import { namesIn, rcpServices, s3BucketActions, s3ConditionKeys, s3ObjectActions } from '../../policy/known-names.ts';

const role = 'arn:aws:iam::111111111111:role/delivery';
const statement = {
  Effect: 'Allow',
  Principal: { AWS: role },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::inbox/*',
};

function problemsOf(changes: object, settings?: GrammarSettings): readonly string[] {
  return policyErrors('bucket-policy', { Version: '2012-10-17', Statement: [{ ...statement, ...changes }] }, settings);
}

/** “Policy has invalid action”: https://github.com/versity/versitygw/issues/650 */
describe('actions that S3 does not have', () => {
  it.each([
    ['s3:PutObjects', /Did you mean s3:PutObject\?/],
    ['s3:ListObjectsV2', /no action s3:ListObjectsV2/],
    ['s3:Upload*', /no action s3:Upload/],
    ['s3:ListAllMyBuckets', /on buckets or objects/],
    ['kms:Decrypt', /not an action of Amazon S3/],
    ['s3:', /SERVICE:ACTION/],
  ])('%s', (action, why) => {
    for (const element of ['Action', 'NotAction'])
      expect(problemsOf({ Action: undefined, [element]: ['s3:GetObject', action] })).toEqual([
        expect.stringMatching(new RegExp(`^Statement\\[0\\]\\.${element}\\[1\\]: .*${why.source}`)),
      ]);
    expect(problemsOf({ Action: [action] }, { anyNames: true })).toHaveLength(action === 's3:' ? 1 : 0);
  });

  it.each(['*', 's3:*', 'S3:putobject', 's3:Put*', 's3:*Object', 's3:GetObjectVersion?agging', 's3:PutObjectAcl'])(
    'but it has %s',
    (action) => expect(problemsOf({ Action: action })).toEqual([]),
  );

  it('are found in linear time, whatever the pattern', () => {
    expect(problemsOf({ Action: `s3:${'*a'.repeat(5_000)}*b` })).toHaveLength(1);
  });
});

/** “Policy has an invalid condition key”; S3 saves any of `aws:`: https://github.com/scality/cloudserver/pull/5501 */
describe('condition keys', () => {
  const asking = (key: string, settings?: GrammarSettings) =>
    problemsOf({ Condition: { StringEquals: { [key]: 'x' } } }, settings);

  it.each([
    's3:x-acl',
    's3:x-amz-server-side-encryption-bucket-key-enabled',
    's3:ExistingObjectTag',
    's3:BucketTags/a',
    'userid',
  ])('%s does not exist', (key) => expect(asking(key)).toEqual([expect.stringContaining(key)]));

  it.each([
    's3:X-AMZ-ACL',
    's3:ExistingObjectTag/team',
    's3:TlsVersion',
    'aws:NoSuchKey',
    's3:if-none-match',
    's3:VersionId',
  ])('%s is saved', (key) => expect(asking(key)).toEqual([]));

  it('accept only valid addresses', () => {
    const from = (value: string) => problemsOf({ Condition: { IpAddress: { 'aws:SourceIp': [value] } } });
    for (const wrong of ['192.0.2', '192.0.2.1/240', 'office'])
      expect(from(wrong)).toEqual([expect.stringContaining('Invalid IP')]);
    for (const right of ['192.0.2.1', '192.0.2.0/24', '2001:db8::/32', '::ffff:192.0.2.1', '${aws:SourceIp}'])
      expect(from(right)).toEqual([]);
  });
});

describe("for the policy's own bucket", () => {
  const ours = { bucket: 'inbox', partition: 'aws' };

  /** “Policy has invalid resource”: https://github.com/versity/versitygw/issues/648 */
  it.each([
    'arn:aws:s3:::inbox-2/*',
    'arn:aws:s3:::in/*',
    'arn:aws-us-gov:s3:::inbox/*',
    'arn:aws:sqs:us-east-1:111111111111:inbox',
    'arn:aws:s3:us-east-1:111111111111:accesspoint/a/object/*',
    // https://github.com/noobaa/noobaa-core/issues/10058
    '*',
  ])('%s is not one of its resources', (resource) => {
    for (const element of ['Resource', 'NotResource'])
      expect(problemsOf({ Resource: undefined, [element]: [resource] }, ours)).toEqual([
        expect.stringContaining(resource),
      ]);
    expect(problemsOf({ Resource: resource })).toEqual([]);
  });

  it.each(['arn:aws:s3:::inbox/*', 'arn:aws:s3:::in*', 'arn:*:s3:::inbox/a', 'arn:aws:s3:::${aws:PrincipalTag/b}/*'])(
    '%s may be one',
    (resource) => expect(problemsOf({ Resource: resource }, ours)).toEqual([]),
  );

  /** “Action does not apply to any resource(s) in statement”: https://github.com/versity/versitygw/issues/645 */
  it.each([
    [{ Resource: 'arn:aws:s3:::inbox' }, /Action: s3:PutObject is about objects.*“\/\*”/],
    [{ Action: ['s3:PutObject', 's3:ListBucket'] }, /Action\[1\]: s3:ListBucket is about buckets/],
    [{ Action: 's3:ListBucket*' }, /about buckets/],
  ])('%j applies to none of its resources', (changes, why) => {
    expect(problemsOf(changes, ours)).toEqual([expect.stringMatching(why)]);
    expect(problemsOf(changes)).toEqual([]);
  });

  it.each([
    { Action: 's3:*', Resource: 'arn:aws:s3:::inbox' },
    { Action: 's3:ListBucket', Resource: ['arn:aws:s3:::inbox', 'arn:aws:s3:::inbox/*'] },
    { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::inbo?' },
    { Action: undefined, NotAction: 's3:ListBucket' },
  ])('%j applies', (changes) => expect(problemsOf(changes, ours)).toEqual([]));

  /** “Conditions do not apply to combination of actions and resources”: https://github.com/humanmade/S3-Uploads/issues/239 */
  it.each([
    ['s3:x-amz-acl', ['s3:PutObject', 's3:GetObject'], 's3:GetObject'],
    ['s3:x-amz-server-side-encryption', ['s3:DeleteObject'], 's3:DeleteObject'],
    ['s3:prefix', ['s3:PutObject'], 's3:PutObject'],
  ])('%s does not belong to all of %j', (key, actions, unfit) => {
    const changes = { Action: actions, Condition: { StringEquals: { [key]: 'x' } } };
    expect(problemsOf(changes, ours)).toEqual([expect.stringContaining(unfit)]);
    expect(problemsOf(changes)).toEqual([]);
  });

  it.each([
    ['s3:x-amz-acl', 's3:PutObjectAcl'],
    ['s3:x-amz-acl', 's3:*'],
    ['s3:prefix', 's3:*'],
  ])('%s may belong to %s', (key, action) => {
    expect(problemsOf({ Action: action, Condition: { StringEquals: { [key]: 'x' } } }, ours)).toEqual([]);
  });
});

/** “Invalid principal in policy”, “Partition … is not valid for resource” */
it.each([
  ['bucket-policy', statement, ['Statement[0].Resource', 'Statement[0].Principal.AWS']],
  ['key-policy', { ...statement, Action: 'kms:*', Resource: '*' }, ['Statement[0].Principal.AWS']],
  ['identity-policy', { ...statement, Principal: undefined }, ['Statement[0].Resource']],
] as const)('a %s of one partition names nothing in another', (kind, named, paths) => {
  const document = JSON.parse(JSON.stringify({ Version: '2012-10-17', Statement: named }));
  const found = policyProblems(kind, document, { partition: 'aws-us-gov' });
  expect(new Set(found.map(({ path }) => path))).toEqual(new Set(paths));
  expect(policyProblems(kind, document, { partition: 'aws' })).toEqual([]);
});

/** The numbers in AWS's service authorization reference on 2026-09-26. */
it.each([
  ['actions on objects', s3ObjectActions, 44, 'GetObjectVersionForReplication'],
  ['actions on buckets', s3BucketActions, 62, 'PutLifecycleConfiguration'],
  ['condition keys', s3ConditionKeys, 61, 'x-amz-server-side-encryption-aws-kms-key-id'],
  ['services of resource control policies', rcpServices, 62, 'cloudtrail-data'],
])('knows all %s', (_, text, count, one) => {
  const names = namesIn(text);
  expect([new Set(names).size, names.includes(one)]).toEqual([count, true]);
  expect(names.filter((name) => !/^[a-z][\w-]*(?:\w|\w\/)$/i.test(name))).toEqual([]);
});
