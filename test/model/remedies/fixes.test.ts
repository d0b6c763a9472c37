import { faultsOf } from '../../../model/analysis/faults.ts';
import { type DocumentOfWorld, documentIn, documentsOf, edited } from '../../../model/remedies/documents.ts';
import { fixesFor } from '../../../model/remedies/fixes.ts';
import { openingsOf } from '../../../model/remedies/openings.ts';
import { statementsOf } from '../../../model/world/policy-parts.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import type { PolicyStatement, World } from '../../../model/world/world.ts';
import { worldWith } from './broken-worlds.ts';

const inbox = 'arn:aws:s3:::secure-inbox-222222222222-us-east-1';
const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
const role = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
const bucketPolicy: DocumentOfWorld = { kind: 'bucket-policy', owner: inbox.slice('arn:aws:s3:::'.length), index: 0 };
const keyPolicy: DocumentOfWorld = { kind: 'key-policy', owner: key, index: 0 };

async function fixedIn(broken: Partial<ScenarioFile>, editable?: readonly DocumentOfWorld[]) {
  const { world, event } = await worldWith(broken);
  const faults = faultsOf(world, event);
  const found = fixesFor(world, event, faults, editable ?? documentsOf(world, event));
  return { ...found, faults, world, event, summaries: found.fixes.map(({ summary }) => summary) };
}

function statementIn(world: World, of: DocumentOfWorld, sid: string): PolicyStatement | undefined {
  const document = documentIn(world, of);
  return document && statementsOf(document).find(({ Sid }) => Sid === sid);
}

/** A bucket policy with a different statement for the delivery. */
const delivering = (statement: object): Partial<ScenarioFile> => ({
  customer: {
    inbox: {
      bucketPolicy: {
        without: ['DeliverReports'],
        with: [
          {
            Sid: 'Deliver',
            Effect: 'Allow',
            Principal: { AWS: role },
            Action: 's3:PutObject',
            Resource: `${inbox}/reports/*`,
            ...statement,
          } as never,
        ],
      },
    },
  },
});

/** A Deny in the bucket policy that replaces one of the template's. */
const denying = (statement: object, without: readonly string[] = []): Partial<ScenarioFile> => ({
  customer: {
    inbox: {
      bucketPolicy: {
        without: [...without],
        with: [
          {
            Sid: 'No',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: `${inbox}/*`,
            ...statement,
          } as never,
        ],
      },
    },
  },
});

const other = 'arn:aws:iam::111111111111:role/other';
const deleted = 'AROADELETEDROLE000001';

describe('a statement that almost allows gets the one missing value', () => {
  test.each([
    {
      lacks: 'the prefix',
      statement: { Resource: `${inbox}/old/*` },
      becomes: { Resource: [`${inbox}/old/*`, `${inbox}/reports/*`] },
    },
    {
      lacks: 'a letter of the prefix',
      statement: { Resource: [`${inbox}/report/*`, `${inbox}/old/*`] },
      becomes: { Resource: [`${inbox}/reports/*`, `${inbox}/old/*`] },
    },
    {
      lacks: 'the role, beside another',
      statement: { Principal: { AWS: other } },
      becomes: { Principal: { AWS: [other, role] } },
    },
    {
      lacks: 'the role, where one stands that was deleted',
      statement: { Principal: { AWS: [deleted, other] } },
      becomes: { Principal: { AWS: [role, other] } },
    },
    {
      lacks: 'the key, and has its alias',
      statement: {
        Condition: { StringEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'alias/inbox' } },
      },
      becomes: {
        Condition: { StringEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': ['alias/inbox', key] } },
      },
    },
    {
      lacks: 'HTTPS, the wrong way round',
      statement: { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      becomes: { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    },
  ])('$lacks', async ({ statement, becomes }) => {
    const { fixes, left, fixed } = await fixedIn(delivering(statement), [bucketPolicy]);
    expect(left).toEqual([]);
    expect(fixes).toMatchObject([{ edit: { kind: 'replace' }, faults: [{ layer: 'bucket-policy' }] }]);
    expect(statementIn(fixed, bucketPolicy, 'Deliver')).toMatchObject(becomes);
  });
});

describe('if that would grant more, the minimum is added', () => {
  test.each([
    { near: 'the whole bucket for somebody else', statement: { Principal: { AWS: other }, Resource: `${inbox}/*` } },
    { near: 'more actions', statement: { Principal: { AWS: other }, Action: ['s3:PutObject', 's3:ListBucket'] } },
    { near: 'two things wrong', statement: { Principal: { AWS: other }, Resource: `${inbox}/old/*` } },
    {
      near: 'a condition on what a delivery does not send',
      statement: { Condition: { StringEquals: { 's3:x-amz-acl': 'private' } } },
    },
  ])('$near', async ({ statement }) => {
    const { fixes, left, fixed, summaries } = await fixedIn(delivering(statement), [bucketPolicy]);
    expect(left).toEqual([]);
    expect(fixes).toMatchObject([{ edit: { kind: 'add' } }]);
    expect(summaries).toEqual([
      'Allow secure-inbox-delivery to perform s3:PutObject: add the statement AllowInboxPutObject.',
    ]);
    expect(statementIn(fixed, bucketPolicy, 'Deliver')).toMatchObject(statement);
  });
});

test('a statement only for a deleted role is rewritten, because AWS saves no policy with it', async () => {
  const { fixes, left, fixed } = await fixedIn(delivering({ Principal: { AWS: deleted }, Resource: `${inbox}/*` }), [
    bucketPolicy,
  ]);
  expect(left).toEqual([]);
  expect(fixes).toHaveLength(1);
  expect(statementIn(fixed, bucketPolicy, 'Deliver')).toMatchObject({
    Principal: { AWS: role },
    Resource: `${inbox}/reports/*`,
  });
});

describe('a Deny is narrowed', () => {
  const wrongKey = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-00000000000f';
  const keyId = 's3:x-amz-server-side-encryption-aws-kms-key-id';

  test.each([
    {
      by: 'the value that it lacks',
      broken: denying({ Condition: { StringNotEquals: { [keyId]: wrongKey } } }, ['DenyOtherKeys']),
      becomes: { Condition: { StringNotEquals: { [keyId]: [wrongKey, key] } } },
    },
    {
      by: 'the resource that it lacks',
      broken: denying({ NotResource: `${inbox}/incoming/*`, Resource: undefined }),
      becomes: { NotResource: [`${inbox}/incoming/*`, `${inbox}/reports/*`] },
    },
    {
      by: 'turning it round',
      broken: denying({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, ['DenyInsecureTransport']),
      becomes: { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    },
    {
      by: 'exempting the role, with the conditions that it has',
      broken: denying({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-customer' } } }),
      becomes: {
        Condition: {
          StringNotEquals: { 'aws:PrincipalOrgID': 'o-customer' },
          ArnNotEquals: { 'aws:PrincipalArn': role },
        },
      },
    },
  ])('by $by', async ({ broken, becomes }) => {
    const { left, fixed, fixes } = await fixedIn(JSON.parse(JSON.stringify(broken)), [bucketPolicy]);
    expect(left).toEqual([]);
    expect(fixes).toHaveLength(1);
    expect(statementIn(fixed, bucketPolicy, 'No')).toMatchObject(becomes);
  });

  test('by exempting the role, and only by what was requested', async () => {
    const anyKey = denying({ Condition: { StringLike: { [keyId]: '*' } } }, ['DenyOtherKeys']);
    const { left, fixed, summaries } = await fixedIn(anyKey, [bucketPolicy]);
    expect(left).toEqual([]);
    expect(summaries).toEqual(['Exempt secure-inbox-delivery from No.']);
    expect(statementIn(fixed, bucketPolicy, 'No')).toMatchObject({
      Condition: { StringLike: { [keyId]: '*' }, ArnNotEquals: { 'aws:PrincipalArn': role } },
    });
  });

  test.each(['ArnNotLike', 'ArnNotEquals', 'StringNotLike', 'StringNotEquals'])(
    'by one more principal in the list that %s has',
    async (operator) => {
      const admins = ['arn:aws:iam::222222222222:role/operator', 'arn:aws:iam::222222222222:role/breakglass'];
      const { left, fixed, fixes } = await fixedIn(
        denying({ Condition: { [operator]: { 'aws:PrincipalArn': admins } } }),
        [bucketPolicy],
      );
      expect([left, fixes.length]).toEqual([[], 1]);
      expect(statementIn(fixed, bucketPolicy, 'No')?.['Condition']).toEqual({
        [operator]: { 'aws:PrincipalArn': [...admins, role] },
      });
    },
  );

  test('if the Allow is not tight either: tightening it is a separate change', async () => {
    const broken = denying({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-customer' } } }, [
      'DeliverReports',
      'DenyOtherKeys',
    ]);
    const policy = broken.customer?.inbox?.bucketPolicy as { with: object[] };
    policy.with.push({ Effect: 'Allow', Principal: { AWS: role }, Action: 's3:PutObject', Resource: `${inbox}/*` });
    const { left, fixes, world, fixed } = await fixedIn(broken, [bucketPolicy]);
    expect([left, fixes.length]).toEqual([[], 1]);
    const [before, after] = [world, fixed].map((one) => statementsOf(documentIn(one, bucketPolicy) ?? never()).length);
    expect(after).toBe(before);
  });

  test('contains nothing made up: no address, network, organization or ID', async () => {
    const { fixed } = await fixedIn(
      denying({
        Condition: {
          NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' },
          StringNotLike: { 'aws:userid': 'AROASOMEBODY0000001:*' },
        },
      }),
      [bucketPolicy],
    );
    expect(statementIn(fixed, bucketPolicy, 'No')).toMatchObject({
      Condition: {
        NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' },
        StringNotLike: { 'aws:userid': 'AROASOMEBODY0000001:*' },
        ArnNotEquals: { 'aws:PrincipalArn': role },
      },
    });
  });

  test('and never for plain HTTP', async () => {
    const { fixes, left } = await fixedIn({ service: { insecureTransport: true } });
    expect(fixes).toEqual([]);
    expect(left).not.toEqual([]);
  });
});

test.each<{ document: string; broken: Partial<ScenarioFile> }>([
  {
    document: 'service control policy',
    broken: { service: { serviceControlPolicies: [deny('s3:PutObject', `${inbox}/*`)] } },
  },
  {
    document: 'resource control policy',
    broken: { customer: { resourceControlPolicies: [deny('kms:*', '*', { Principal: '*' })] } },
  },
  {
    document: 'permissions boundary',
    broken: { service: { deliveryRole: { permissionsBoundary: allow('s3:*') } } },
  },
  {
    document: 'VPC endpoint policy',
    broken: { service: { vpcEndpointPolicy: allow('s3:GetObject', { Principal: '*' }) } },
  },
  { document: 'session policy', broken: { service: { deliveryRole: { sessionPolicy: allow('s3:*') } } } },
  {
    document: 'trust policy',
    broken: { service: { deliveryRole: { trustPolicy: { Version: '2012-10-17', Statement: [] } } } },
  },
])('a $document is fixed like any other', async ({ broken }) => {
  const { fixes, left, faults } = await fixedIn(broken);
  expect(faults).not.toEqual([]);
  expect(left).toEqual([]);
  expect(new Set(fixes.map(({ document }) => document.kind)).size).toBe(1);
});

test('a public policy is changed to name the role', async () => {
  const { left, fixed } = await fixedIn(delivering({ Principal: '*' }), [bucketPolicy]);
  expect(left).toEqual([]);
  expect(statementIn(fixed, bucketPolicy, 'Deliver')).toMatchObject({ Principal: { AWS: role } });
});

test('only what may be edited is changed, and the rest is left', async () => {
  const broken: Partial<ScenarioFile> = {
    customer: {
      inbox: { bucketPolicy: { without: ['DeliverReports'] } },
      key: { keyPolicy: { without: ['EncryptDeliveredReports'] } },
    },
  };
  const { fixes, left, world, fixed } = await fixedIn(broken, [keyPolicy]);
  expect(fixes.map(({ document }) => document)).toEqual([keyPolicy]);
  expect(left).toMatchObject([{ layer: 'bucket-policy' }]);
  expect(documentIn(fixed, bucketPolicy)).toBe(documentIn(world, bucketPolicy));
});

test('what a fix reveals is fixed too, and applying the fixes in order gives the fixed document', async () => {
  const no = { Effect: 'Deny' as const, Principal: { AWS: role }, Resource: `${inbox}/*` };
  const twice: Partial<ScenarioFile> = {
    customer: {
      inbox: {
        bucketPolicy: {
          without: ['DeliverReports'],
          with: [
            { Sid: 'NoUploads', Action: 's3:PutObject', ...no },
            { Sid: 'Nothing', Action: 's3:*', ...no },
          ],
        },
      },
    },
  };
  const { fixes, left, world, event, fixed } = await fixedIn(twice, [bucketPolicy]);
  expect(left).toEqual([]);
  expect(fixes.map(({ edit }) => edit.kind)).toEqual(['replace', 'replace', 'add']);
  const original = documentIn(world, bucketPolicy);
  if (!original) throw new Error('no policy');
  expect(documentIn(fixed, bucketPolicy)).toEqual(
    fixes.reduce((document, { edit }) => edited(document, edit), original),
  );
  const changes = fixes.map(({ edit }) => ({ statement: edit.statement }));
  expect(openingsOf(world, fixed, event, changes)).toEqual([]);
});

function never(): never {
  throw new Error('There is no such document');
}

describe('a policy of an organization', () => {
  const perimeter = (more: object) => ({
    service: {
      serviceControlPolicies: [
        deny('s3:*', '*', { Condition: { StringNotEquals: { 'aws:ResourceAccount': ['333333333333'] } }, ...more }),
      ],
    },
  });

  test('exempts the role, never the account of the bucket', async () => {
    const { left, fixes, summaries } = await fixedIn(perimeter({}));
    expect([left, fixes.length]).toEqual([[], 1]);
    expect(fixes[0]?.edit.statement['Condition']).toEqual({
      StringNotEquals: { 'aws:ResourceAccount': ['333333333333'] },
      ArnNotEquals: { 'aws:PrincipalArn': role },
    });
    expect(summaries[0]).toMatch(/management account.*every account/);
  });

  const denyingAllBut = (actions: number) => {
    const NotAction = Array.from({ length: actions }, (_, at) => `service${at}:DescribeSomething${at}`);
    const Condition = { StringNotEquals: { 'aws:ResourceAccount': ['333333333333'] } };
    const Statement = [{ Sid: 'No', Effect: 'Deny' as const, NotAction, Resource: '*', Condition }];
    return { service: { serviceControlPolicies: [{ Version: '2012-10-17', Statement }] } };
  };

  // One source gives 5,120 and another 10,240, so only the lower limit is certain.
  test.each([151, 160, 302])('is not fixed by a policy that may be too long to save: %p actions', async (actions) => {
    const { left, fixes, unsavable } = await fixedIn(denyingAllBut(actions));
    expect(fixes).toEqual([]);
    expect(left).not.toEqual([]);
    expect(unsavable).toContainEqual(
      expect.objectContaining({ excess: expect.objectContaining({ safe: 5120, limit: 10240 }) }),
    );
  });

  test('is fixed if it is short enough', async () => {
    const { left, unsavable } = await fixedIn(denyingAllBut(120));
    expect([left, unsavable]).toEqual([[], []]);
  });
});

function deny(action: string, resource: string, more: object = {}) {
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'No', Effect: 'Deny' as const, ...more, Action: action, Resource: resource }],
  };
}

function allow(action: string, more: object = {}) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow' as const, ...more, Action: action, Resource: '*' }] };
}

describe('for a delivery in parts', () => {
  const header = 's3:x-amz-server-side-encryption';
  const inParts = (broken: Partial<ScenarioFile>): Partial<ScenarioFile> => ({
    ...broken,
    customer: { ...broken.customer, parameters: { MultipartDeliveries: 'yes' } },
  });

  it("a Deny that requires a header's value is limited to requests that have the header", async () => {
    const demand = { Action: 's3:PutObject', Condition: { StringNotEquals: { [header]: 'aws:kms' } } };
    const { left, fixed } = await fixedIn(inParts(denying(demand)));
    expect(left).toEqual([]);
    expect(statementIn(fixed, bucketPolicy, 'No')).toMatchObject({
      Condition: { StringNotEquals: { [header]: 'aws:kms' }, Null: { [header]: 'false' } },
    });
  });

  it('an Allow that requires a header accepts requests without it', async () => {
    const demand = {
      Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
      Condition: { StringEquals: { [header]: 'aws:kms' } },
    };
    const { left, fixed } = await fixedIn(inParts(delivering({ ...demand, Action: 's3:PutObject' })));
    expect(left).toEqual([]);
    expect(statementIn(fixed, bucketPolicy, 'Deliver')).toMatchObject({
      Condition: { StringEqualsIfExists: { [header]: 'aws:kms' } },
    });
  });

  it('what a single copy needs stays as strict as before', async () => {
    const demand = { Action: 's3:PutObject', Condition: { StringNotEquals: { [header]: 'AES256' } } };
    const { left, fixed } = await fixedIn(denying(demand));
    expect(left).toEqual([]);
    expect(JSON.stringify(statementIn(fixed, bucketPolicy, 'No'))).not.toContain('Null');
  });

  it('the template for single copies becomes the one for parts, whatever part is requested', async () => {
    const { left, faults } = await fixedIn({ event: { delivery: 'multipart' } });
    expect(faults.length).toBeGreaterThanOrEqual(3);
    expect(left).toEqual([]);
  });
});
