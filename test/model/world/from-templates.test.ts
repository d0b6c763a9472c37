import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DeploymentOptions } from '../../../model/template/resolve-template.ts';
import type { Stack } from '../../../model/world/from-templates.ts';
import type { PolicyDocument } from '../../../model/world/world.ts';
import { loadStack } from '../../../sandbox/scenario-files.ts';
import { masked } from '../../masked.ts';
import { templateError } from '../template/deploy.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const customerAccount = { accountId: '222222222222', region: 'us-east-1', stackName: 'inbox' };

function load(text: string, options: Partial<DeploymentOptions> = {}): Stack {
  const file = join(folder, 'test.yaml');
  writeFileSync(file, text);
  return loadStack({ ...customerAccount, file, ...options });
}

/** A resource's properties, in YAML's flow style. The resource's logical ID is R. */
const resource = (type: string, properties: string): string =>
  `Resources:\n  R:\n    Type: ${type}\n    Properties: ${properties}\n`;

const only = <T>(items: readonly T[]): T => {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) throw new Error(`expected one, not ${items.length}`);
  return item;
};

const statement = '{ Effect: Allow, Action: "s3:PutObject", Resource: "*" }';
const document = `{ Version: 2012-10-17, Statement: [${statement}] }`;
const resourcePolicy = '{ Statement: { Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*" } }';
const trust = '{ Statement: [{ Effect: Allow, Principal: { AWS: 111111111111 }, Action: "sts:AssumeRole" }] }';

describe('a bucket', () => {
  test('has the defaults of S3 for what the template leaves out', () => {
    expect(only(load('Resources:\n  Inbox: { Type: AWS::S3::Bucket }').buckets)).toEqual({
      name: 'inbox-inbox',
      accountId: '222222222222',
      region: 'us-east-1',
      objectOwnership: 'BucketOwnerEnforced',
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      defaultEncryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false },
      versioned: false,
      objects: new Map(),
    });
  });

  test.each([
    ['VersioningConfiguration: { Status: Enabled }', { versioned: true }],
    ['VersioningConfiguration: { Status: Suspended }', { versioned: false }],
    ['OwnershipControls: { Rules: [{ ObjectOwnership: ObjectWriter }] }', { objectOwnership: 'ObjectWriter' }],
    [
      'PublicAccessBlockConfiguration: { BlockPublicAcls: "true" }',
      {
        publicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: false,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: false,
        },
      },
    ],
    [
      'BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:aws:kms:us-east-1:333333333333:key/k" } }] }',
      {
        defaultEncryption: {
          sseAlgorithm: 'aws:kms',
          kmsKeyArn: 'arn:aws:kms:us-east-1:333333333333:key/k',
          bucketKeyEnabled: true,
        },
      },
    ],
    [
      'BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: alias/aws/s3 } }] }',
      { defaultEncryption: { sseAlgorithm: 'aws:kms', bucketKeyEnabled: false } },
    ],
    ['AccessControl: Private', { objectOwnership: 'BucketOwnerEnforced' }],
  ])('with %s', (property, expected) => {
    expect(only(load(resource('AWS::S3::Bucket', `{ ${property} }`)).buckets)).toMatchObject(expected);
  });

  test.each([
    ['VersioningConfiguration: { Status: On }', 'must be one of Enabled, Suspended, not "true"'],
    ['VersioningConfiguration: { Stauts: Enabled }', '"Stauts" is not known here'],
    ['AccessControl: Everybody', 'must be one of Private'],
    ['AbacStatus: Enabled', 'must be one of Disabled'],
    ['OwnershipControls: { Rules: [] }', 'must be a list of one rule, not of 0'],
    ['PublicAccessBlockConfiguration: { BlockPublicAcl: true }', '"BlockPublicAcl" is not known here'],
    ['PublicAccessBlockConfiguration: { BlockPublicAcls: maybe }', 'must be true or false, not "maybe"'],
    [
      'BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: alias/other } }] }',
      '"alias/other" is not a key of this template in 222222222222',
    ],
  ])('with %s is refused', (property, words) => {
    const error = templateError(() => load(resource('AWS::S3::Bucket', `{ ${property} }`)));
    expect(error.message).toContain(words);
    expect(error.line).toBe(4);
  });

  test('has the policy that names it; a policy of another bucket stays apart', () => {
    const policy = (id: string, bucket: string) =>
      `  ${id}: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: ${bucket}, PolicyDocument: ${resourcePolicy} } }\n`;
    const bucket = 'Resources:\n  Inbox: { Type: AWS::S3::Bucket }\n';
    const stack = load(`${bucket}${policy('P', '!Ref Inbox')}${policy('Q', 'elsewhere')}`);
    const expected = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }] };
    expect(only(stack.buckets).policy).toEqual(expected);
    expect(stack.detachedBucketPolicies).toEqual([{ bucket: 'elsewhere', document: expected }]);

    const error = templateError(() => load(`${bucket}${policy('P', '!Ref Inbox')}${policy('Q', '!Ref Inbox')}`));
    expect(masked(error.message)).toMatchSnapshot();
    expect(error.line).toBe(4);
  });
});

describe('a role', () => {
  test('has everything that is attached to it', () => {
    const stack = load(`
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deliverer
      Path: /service/
      AssumeRolePolicyDocument: ${trust}
      Policies: [{ PolicyName: inline, PolicyDocument: ${document} }]
      ManagedPolicyArns: [!Ref Managed, !Sub 'arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
      PermissionsBoundary: !Ref Boundary
      Tags: []
  Managed: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: ${document} } }
  Boundary: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: boundary, PolicyDocument: ${document} } }
  Attached: { Type: AWS::IAM::ManagedPolicy, Properties: { ManagedPolicyName: attached, PolicyDocument: ${document}, Roles: [!Ref Role] } }
  Default: { Type: AWS::IAM::Policy, Properties: { PolicyName: default, PolicyDocument: ${document}, Roles: [!Ref Role] } }
  Extra: { Type: AWS::IAM::RolePolicy, Properties: { PolicyName: extra, PolicyDocument: ${document}, RoleName: deliverer } }
Outputs:
  Arn: { Value: !GetAtt Role.Arn }
  Id: { Value: !GetAtt Role.RoleId }
`);
    const role = only(stack.roles);
    expect(role).toMatchObject({
      arn: 'arn:aws:iam::222222222222:role/service/deliverer',
      accountId: '222222222222',
      name: 'deliverer',
      trustPolicy: { Statement: [{ Principal: { AWS: '111111111111' } }] },
      permissionsBoundary: { name: 'boundary', arn: 'arn:aws:iam::222222222222:policy/boundary' },
    });
    expect(role.policies.map(({ name, arn }) => [name, arn])).toEqual([
      ['inline', undefined],
      ['inbox-Managed', 'arn:aws:iam::222222222222:policy/inbox-Managed'],
      ['AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      ['default', undefined],
      ['extra', undefined],
      ['attached', 'arn:aws:iam::222222222222:policy/attached'],
    ]);
    expect(role.policies[0]?.document).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
    });
    expect(role.roleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(stack.outputs).toEqual({ Arn: role.arn, Id: role.roleId });
  });

  test.each([
    ['{}', 'AssumeRolePolicyDocument is missing'],
    [`{ AssumeRolePolicyDocument: ${document} }`, 'must have one of Principal and NotPrincipal, not 0'],
    [
      `{ AssumeRolePolicyDocument: ${trust}, ManagedPolicyArns: ["arn:aws:iam::aws:policy/Unheard"] }`,
      'what the managed policy "arn:aws:iam::aws:policy/Unheard" allows is not known',
    ],
    [
      `{ AssumeRolePolicyDocument: ${trust}, PermissionsBoundary: "arn:aws:iam::222222222222:policy/x" }`,
      'policy/x" allows is not known',
    ],
    [`{ AssumeRolePolicyDocument: ${trust}, Policies: [{ PolicyName: a }] }`, 'PolicyDocument is missing'],
  ])('with %s is refused', (properties, words) => {
    const error = templateError(() => load(resource('AWS::IAM::Role', properties)));
    expect(error.message).toContain(words);
    expect(error.line).toBe(4);
  });

  test('in another stack cannot get a policy', () => {
    const properties = `{ PolicyName: p, PolicyDocument: ${document}, Roles: [elsewhere] }`;
    expect(masked(templateError(() => load(resource('AWS::IAM::Policy', properties))).message)).toMatchSnapshot();
  });
});

describe('a policy document', () => {
  const identity = (text: string): PolicyDocument | undefined =>
    only(
      load(
        resource(
          'AWS::IAM::Role',
          `{ AssumeRolePolicyDocument: ${trust}, Policies: [{ PolicyName: p, PolicyDocument: ${text} }] }`,
        ),
      ).roles,
    ).policies[0]?.document;

  test('has strings where IAM stores strings, and keeps policy variables', () => {
    expect(
      identity(
        '{ Version: 2012-10-17, Statement: [{ Effect: Deny, NotAction: ["s3:*"], NotResource: "arn:aws:s3:::b/${aws:username}", Condition: { Bool: { "aws:SecureTransport": false }, NumericLessThan: { "s3:max-keys": 5 } } }] }',
      ),
    ).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          NotAction: ['s3:*'],
          NotResource: 'arn:aws:s3:::b/${aws:username}',
          Condition: { Bool: { 'aws:SecureTransport': 'false' }, NumericLessThan: { 's3:max-keys': '5' } },
        },
      ],
    });
  });

  test.each([
    ['{ Version: 2012-10-18, Statement: [] }', 'must be one of 2012-10-17, 2008-10-17'],
    ['{ Version: 2012-10-17 }', 'Statement is missing'],
    ['{ Statement: [], Satement: [] }', '"Satement" is not known here'],
    ['{ Statement: [{ Effect: allow, Action: a, Resource: b }] }', 'must be one of Allow, Deny, not "allow"'],
    ['{ Statement: [{ Effect: Allow, Acton: a, Resource: b }] }', '"Acton" is not known here'],
    ['{ Statement: [{ Effect: Allow, Resource: b }] }', 'one of Action and NotAction, not 0'],
    ['{ Statement: [{ Effect: Allow, Action: a, NotAction: a, Resource: b }] }', 'one of Action and NotAction, not 2'],
    ['{ Statement: [{ Effect: Allow, Action: a }] }', 'one of Resource and NotResource, not 0'],
    ['{ Statement: [{ Effect: Allow, Action: a, Resource: b, Principal: "*" }] }', 'cannot name a principal'],
    ['"{}"', 'must be a map, not "{}"'],
  ])('%s is refused', (text, words) => {
    const error = templateError(() => identity(text));
    expect(error.message).toContain(words);
    expect(error.line).toBe(4);
  });
});

describe('a key', () => {
  test('has the defaults of KMS, and its aliases', () => {
    const stack = load(
      'Resources:\n  K: { Type: AWS::KMS::Key }\n  A: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/a, TargetKeyId: !Ref K } }\n  B: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/b, TargetKeyId: !GetAtt K.Arn } }\n  C: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/c, TargetKeyId: elsewhere } }',
      { names: { keyId: () => 'key-id' } },
    );
    expect(only(stack.keys)).toEqual({
      arn: 'arn:aws:kms:us-east-1:222222222222:key/key-id',
      keyId: 'key-id',
      accountId: '222222222222',
      region: 'us-east-1',
      policy: {
        Version: '2012-10-17',
        Id: 'key-default-1',
        Statement: [
          {
            Sid: 'Enable IAM User Permissions',
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::222222222222:root' },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
      state: 'Enabled',
      spec: 'SYMMETRIC_DEFAULT',
      multiRegion: false,
      grants: [],
      aliases: ['alias/a', 'alias/b'],
    });
  });

  test.each([
    ['Enabled: false', { state: 'Disabled' }],
    ['Origin: EXTERNAL', { state: 'PendingImport' }],
    ['KeySpec: RSA_2048, KeyUsage: ENCRYPT_DECRYPT', { spec: 'RSA_2048' }],
    ['MultiRegion: true', { multiRegion: true }],
  ])('with %s', (properties, expected) => {
    expect(only(load(resource('AWS::KMS::Key', `{ ${properties} }`)).keys)).toMatchObject(expected);
  });

  test('in an unsupported key store is rejected', () => {
    expect(
      masked(templateError(() => load(resource('AWS::KMS::Key', '{ Origin: AWS_CLOUDHSM }'))).message),
    ).toMatchSnapshot();
  });
});

test('a function has its environment as strings, and the defaults of Lambda', () => {
  const role = 'Role: "arn:aws:iam::222222222222:role/r"';
  const stack = load(
    resource(
      'AWS::Lambda::Function',
      `{ ${role}, Code: { ZipFile: x }, Environment: { Variables: { A: 1, B: true, C: !Ref AWS::Region, D: !Ref AWS::NoValue } } }`,
    ),
  );
  expect(only(stack.functions)).toEqual({
    name: 'inbox-R',
    arn: 'arn:aws:lambda:us-east-1:222222222222:function:inbox-R',
    logicalId: 'R',
    roleArn: 'arn:aws:iam::222222222222:role/r',
    environment: { A: '1', B: 'true', C: 'us-east-1' },
    memoryMb: 128,
    timeoutSeconds: 3,
  });
  const error = templateError(() => load(resource('AWS::Lambda::Function', '{ Role: r }')));
  expect(masked(error.message)).toMatchSnapshot();
});

test('refuses a kind of key that KMS does not have, at its line', () => {
  const error = templateError(() =>
    load('Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties:\n      KeySpec: AES_512\n'),
  );
  expect(error.found).toMatchObject([{ origin: { line: 5 }, message: expect.stringContaining('"AES_512"') }]);
});

test('reports problems of several resources at once', () => {
  const error = templateError(() =>
    load(
      'Resources:\n  A: { Type: AWS::IAM::Role }\n  B: { Type: AWS::Lambda::Function }\n  C: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: b } }',
    ),
  );
  expect(error.found.map(({ origin }) => origin.line)).toEqual([2, 3, 4]);
});

describe('templates as customers write them', () => {
  const parameters = { BucketName: 'acme-reports' };
  const yaml = join(root, 'test/fixtures/templates/customer.yaml');
  const stackOf = (file: string): Stack => loadStack({ ...customerAccount, file, parameters });

  test('in YAML and JSON are the same stack', () => {
    // Resources also contain their position in the file.
    const read = (file: string) => ({ ...stackOf(file), open: [] });
    const stack = read(yaml);
    expect(read(yaml.replace('.yaml', '.json'))).toEqual(stack);
    const crLf = join(folder, 'crlf.yaml');
    writeFileSync(crLf, `\uFEFF${readFileSync(yaml, 'utf8').replaceAll('\n', '\r\n')}`);
    expect(read(crLf)).toEqual(stack);
  });

  test('have their functions evaluated in the policies', () => {
    const { buckets, keys, outputs } = stackOf(yaml);
    const [key, bucket] = [only(keys), only(buckets)];
    expect(key.policy.Statement).toMatchObject([
      { Principal: { AWS: 'arn:aws:iam::222222222222:root' } },
      {
        Principal: { AWS: ['111111111111', '333333333333'] },
        Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      },
    ]);
    expect(bucket).toMatchObject({
      name: 'acme-reports',
      objectOwnership: 'BucketOwnerPreferred',
      publicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: false,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: false,
      },
      defaultEncryption: { sseAlgorithm: 'aws:kms', kmsKeyArn: key.arn, bucketKeyEnabled: false },
    });
    expect(bucket.policy?.Statement).toMatchObject([
      { Principal: { AWS: ['111111111111', '333333333333'] }, Resource: 'arn:aws:s3:::acme-reports/*' },
      {
        Resource: ['arn:aws:s3:::acme-reports', 'arn:aws:s3:::acme-reports/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      { Resource: 'arn:aws:s3:::acme-reports/home/${aws:username}/*' },
    ]);
    expect(outputs).toEqual({ KeyArn: key.arn });
  });
});

describe("the shipped customer's template", () => {
  const file = join(root, 'cloudformation/secure-inbox.yaml');
  const required: Readonly<Record<string, string>> = {
    CustomerName: 'acme',
    DeliveryRoleArn: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
    SenderInternalBucketName: 'secure-inbox-internal-111111111111-us-east-1',
  };

  test('creates an inbox whose policies and test event name it', () => {
    const { buckets, keys, outputs, detachedBucketPolicies } = loadStack({
      ...customerAccount,
      file,
      parameters: required,
    });
    const [key, bucket] = [only(keys), only(buckets)];
    expect(bucket.defaultEncryption.kmsKeyArn).toBe(key.arn);
    expect(JSON.stringify(bucket.policy)).toContain(required['DeliveryRoleArn']);
    expect(JSON.stringify(key.policy)).toContain(required['DeliveryRoleArn']);
    expect(detachedBucketPolicies).toEqual([]);
    expect(JSON.parse(outputs['TestEvent'] ?? '')).toMatchObject({
      customer: 'acme',
      inbox: { accountId: '222222222222', region: 'us-east-1', bucket: bucket.name, kmsKeyArn: key.arn },
    });
  });

  test('creates nothing if bucket and key exist already', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:222222222222:key/existing';
    const parameters = { ...required, BucketOrigin: 'existing', BucketName: 'old-bucket', ExistingKeyArn: kmsKeyArn };
    const { buckets, keys, outputs } = loadStack({ ...customerAccount, file, parameters });
    expect([buckets, keys]).toEqual([[], []]);
    expect(JSON.parse(outputs['TestEvent'] ?? '')).toMatchObject({ inbox: { bucket: 'old-bucket', kmsKeyArn } });
  });
});
