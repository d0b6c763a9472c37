import { policyFileOf } from '../../../model/text/read-policy-file.ts';
import type { PolicyKind } from '../../../policy/grammar.ts';

const json = `{
  "Statement": [
    { "Sid": "One", "Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::inbox/*" },
    {
      "Resource": ["arn:aws:s3:::inbox/*"],
      "Action": "s3:*",
      "Condition": { "Bool": { "aws:SecureTransport": false } },
      "Principal": { "AWS": "111111111111" },
      "Effect": "Deny"
    }
  ],
  "Version": "2012-10-17"
}
`;
const yaml = `Statement:
  Condition:
    Bool: { "aws:SecureTransport": false }
  Effect: Allow
  Principal: "*"
  Resource: arn:aws:s3:::inbox/*
  Action: s3:PutObject
Version: 2012-10-17
`;

describe("the positions of a policy's parts", () => {
  it('in JSON, whatever the order of keys and the ends of lines', () => {
    for (const text of [json, json.replaceAll('\n', '\r\n'), json.replaceAll('  ', '\t')]) {
      const { positionOf, document, syntax } = policyFileOf(text, 'policy.json', 'bucket-policy');
      const width = text.includes('\t') ? 1 : 2;
      expect(syntax).toBe('json');
      expect(positionOf(['Statement', 0])).toEqual({ line: 3, column: 2 * width + 1 });
      expect(positionOf(['Statement', 1, 'Condition', 'Bool', 'aws:SecureTransport']).line).toBe(7);
      expect(positionOf(['Statement', 1, 'Resource', 0]).line).toBe(5);
      expect(document).toMatchObject({ Statement: [{}, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] });
    }
  });

  it('in YAML, with one statement without a list', () => {
    for (const text of [yaml, yaml.replaceAll('\n', '\r\n')]) {
      const { positionOf, document, syntax } = policyFileOf(text, 'policy.yaml', 'bucket-policy');
      expect(syntax).toBe('yaml');
      expect(positionOf(['Statement', 0, 'Action'])).toEqual({ line: 7, column: 11 });
      expect(document).toMatchObject({ Version: '2012-10-17', Statement: { Effect: 'Allow' } });
    }
  });

  it('are the nearest parent’s if a part does not exist', () => {
    const { positionOf } = policyFileOf(json, 'policy.json', 'bucket-policy');
    expect(positionOf(['Statement', 1, 'NotAction'])).toEqual(positionOf(['Statement', 1]));
    expect(positionOf(['Statement', 7])).toEqual(positionOf(['Statement']));
  });
});

const allow = (changes: object) => ({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::inbox/*',
  ...changes,
});
const deny = (changes: object) => ({ Effect: 'Deny', Action: 's3:*', Resource: '*', ...changes });
const withoutPrincipal = { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/*' };
const { Resource: _, ...withoutResource } = allow({});
const many = (count: number) => Array.from({ length: count }, (_, at) => `arn:aws:s3:::inbox/${at}`.padEnd(60, '-'));

describe('what would not be saved', () => {
  const cases: readonly (readonly [about: string, kind: PolicyKind, statement: object | object[], reason: RegExp])[] = [
    ['an unknown element', 'bucket-policy', allow({ Actions: 's3:PutObject' }), /:11:.*Invalid key Actions/],
    ['no Principal', 'bucket-policy', withoutPrincipal, /:4:5: Principal is missing/],
    ['no Principal', 'key-policy', withoutPrincipal, /:4:5: Principal is missing/],
    ['a Principal where there is none', 'permissions-boundary', allow({}), /Principal is not allowed/],
    ['no Resource', 'key-policy', withoutResource, /Resource is missing: KMS saves/],
    ['no ARN', 'bucket-policy', allow({ Resource: 'inbox/*' }), /:10:19: The Resource inbox\/\* must be an ARN/],
    [
      'a role with a wildcard',
      'key-policy',
      allow({ Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } }),
      /no wildcards/,
    ],
    [
      '11 digits',
      'bucket-policy',
      allow({ Principal: { AWS: '11111111111' } }),
      /:7:\d+: Invalid principal in policy: 11111111111\./,
    ],
    [
      'an account id without quotes',
      'bucket-policy',
      allow({ Principal: { AWS: 111111111111 } }),
      /:7:\d+: Invalid principal in policy: AWS is a number/,
    ],
    [
      'the same among others',
      'key-policy',
      allow({ Principal: { AWS: ['222222222222', 111111111111] } }),
      /:9:\d+: Invalid principal in policy: AWS is a number/,
    ],
    [
      'a group as principal',
      'bucket-policy',
      allow({ Principal: { AWS: 'arn:aws:iam::111111111111:group/reports' } }),
      /:7:\d+: Invalid principal in policy: arn:aws:iam::111111111111:group\/reports\. Allowed: the ARN of a role/,
    ],
    ['a principal without a type', 'bucket-policy', allow({ Principal: '111111111111' }), /Write \{"AWS"/],
    [
      'the same Sid twice',
      'permissions-boundary',
      [deny({ Sid: 'A' }), deny({ Sid: 'A' })],
      /The Sid A is that of statement 1/,
    ],
    ['a Sid with a space', 'service-control-policy', deny({ Sid: 'A B' }), /letters and digits only/],
    [
      'an unknown operator',
      'bucket-policy',
      allow({ Condition: { StringEqual: { 'aws:userid': 'A' } } }),
      /:12:\d+: Invalid condition operator StringEqual\./,
    ],
    ['nothing as a value', 'bucket-policy', allow({ Action: null }), /Action has no value/],
    ['no statement', 'bucket-policy', [], /Statement is empty/],
    ['an Allow in an RCP', 'resource-control-policy', allow({ Principal: '*' }), /Effect must be "Deny"/],
    [
      'a bucket policy over 20 kB',
      'bucket-policy',
      allow({ Resource: many(340) }),
      /:1:1: The policy is too long: \d+ bytes, where at most 20480/,
    ],
    ['a key policy over 32 kB', 'key-policy', allow({ Resource: many(540) }), /at most 32768/],
    [
      'a managed policy over 6,144',
      'permissions-boundary',
      deny({ Resource: many(100) }),
      /IAM would refuse(.|\n)*at most 6144/,
    ],
    [
      'an SCP over 10,240',
      'service-control-policy',
      deny({ Resource: many(170) }),
      /Organizations(.|\n)*at most 10240/,
    ],
  ];
  it.each(cases)('%s (%s)', (_, kind, statement, reason) => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement].flat() }, null, 2);
    expect(() => policyFileOf(text, 'policy.json', kind)).toThrow(reason);
  });

  it('names every reason in file order, each with its line', () => {
    const text = JSON.stringify(
      { Version: '2012-10-18', Statement: [allow({ Resource: 'x' }), withoutPrincipal] },
      null,
      2,
    );
    expect(() => policyFileOf(text, 'p.json', 'bucket-policy')).toThrow(
      /^p\.json: Amazon S3 would refuse this bucket policy\.\np\.json:2:14: Version .*\n {2}2 \| .*\n +\^\np\.json:10:.*\n.*\n.*\np\.json:12:5: Principal is missing/,
    );
  });

  it.each<readonly [string, PolicyKind, object]>([
    ['white space that makes a policy long', 'service-control-policy', deny({ Resource: many(70) })],
    [
      'an identity of CloudFront',
      'bucket-policy',
      allow({ Principal: { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EH1HDMB1FH2TC' } }),
    ],
    [
      'a session',
      'key-policy',
      allow({
        Principal: { AWS: 'arn:aws:sts::111111111111:assumed-role/delivery/check-acme' },
        Action: 'kms:Decrypt',
      }),
    ],
    ['the id of a role that is gone', 'bucket-policy', allow({ Principal: { AWS: 'AROAEXAMPLEEXAMPLE12' } })],
    ['a Sid with spaces in a key policy', 'key-policy', allow({ Sid: 'Enable IAM User Permissions' })],
    [
      'operators in any case',
      'bucket-policy',
      allow({ Condition: { 'forallvalues:stringlikeIFEXISTS': { 'aws:userid': 'A' } } }),
    ],
    ['a short ARN, which IAM completes', 'service-control-policy', deny({ Resource: ['arn:aws:s3'] })],
    ['a policy variable', 'bucket-policy', allow({ Resource: 'arn:aws:s3:::inbox/${aws:userid}/*' })],
  ])('but not %s', (_, kind, statement) => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statement }, null, 2);
    expect(policyFileOf(text.padEnd(30_000), 'policy.json', kind).kind).toBe(kind);
  });
});

it('reports malformed JSON and YAML, and a duplicate key, with the line', () => {
  const read = (text: string, file: string) => () => policyFileOf(text, file, 'bucket-policy');
  expect(read('{\n  "Version": "2012-10-17"\n  "Statement": []\n}', 'a.json')).toThrow(
    /^a\.json:3:3: .*\n {2}3 \| {3}"Statement"/,
  );
  expect(read('Statement:\n  - Effect: Allow\n   Action: x\n', 'a.yaml')).toThrow(/^a\.yaml:3:1: /);
  expect(read('{"Version": "2012-10-17",\n"Version": "2012-10-17"}', 'a.json')).toThrow(
    /^a\.json:2:1: .*appears twice/,
  );
  expect(read('[]', 'a.json')).toThrow('a.json: a policy is an object with a Statement, not [].');
});
