import { type PolicyKind, policyErrors, policyProblems } from '../../policy/grammar.ts';

const allow = { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' };
const byAnybody = { ...allow, Principal: '*' };

/** Documented sizes; policy/policy-kinds.ts has the page for each. */
const limits: readonly (readonly [kind: PolicyKind, statement: object, limit: number])[] = [
  ['identity-policy', allow, 10_240],
  ['permissions-boundary', allow, 6_144],
  ['session-policy', allow, 2_048],
  ['service-control-policy', allow, 10_240],
  ['resource-control-policy', { ...byAnybody, Effect: 'Deny' }, 5_120],
  ['vpc-endpoint-policy', byAnybody, 20_480],
  ['role-trust-policy', { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }, 8_192],
  ['bucket-policy', byAnybody, 20_480],
  ['key-policy', { ...byAnybody, Action: 'kms:*' }, 32_768],
];

/** A policy with exactly this length without white space. */
function ofLength(statement: object, length: number, fill = 'a'): object {
  const withSid = (Sid: string) => ({ Version: '2012-10-17', Statement: [{ ...statement, Sid }] });
  const rest = length - JSON.stringify(withSid('')).length;
  return withSid(fill.repeat(rest / Buffer.byteLength(fill)));
}

describe.each(limits)('a %s', (kind, statement, limit) => {
  it(`is saved with ${limit} and refused with one more`, () => {
    expect(policyErrors(kind, ofLength(statement, limit))).toEqual([]);
    expect(policyErrors(kind, ofLength(statement, limit + 1))).toEqual([expect.stringContaining(`at most ${limit} `)]);
  });
});

it('counts bytes if the service does, otherwise characters', () => {
  const accented = (kind: PolicyKind, statement: object) => policyErrors(kind, ofLength(statement, 20_481, 'ü'));
  expect(accented('bucket-policy', byAnybody)).toHaveLength(1);
  expect(accented('vpc-endpoint-policy', byAnybody)).toEqual([]);
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and kms/latest/developerguide/key-policy-overview.html */
it('accepts only Latin 1 where IAM, STS and KMS do', () => {
  const document = (kind: PolicyKind, resource: string) =>
    policyErrors(kind, {
      Version: '2012-10-17',
      Statement: {
        ...(kind === 'key-policy' || kind === 'bucket-policy' ? byAnybody : allow),
        Action: 's3:*',
        Resource: resource,
      },
    });
  for (const kind of ['identity-policy', 'session-policy', 'key-policy'] as const) {
    expect(document(kind, 'arn:aws:s3:::inbox/größe')).toEqual([]);
    expect(document(kind, 'arn:aws:s3:::inbox/報告')).toEqual([expect.stringContaining('報')]);
  }
  expect(document('bucket-policy', 'arn:aws:s3:::inbox/報告')).toEqual([]);
});

describe('of something that is not a policy', () => {
  it.each([
    ['nothing', null, '', /must be an object/],
    ['a list', [], '', /must be an object.*a list/],
    ['a text', 'x', '', /must be an object/],
    ['no Statement', {}, '', /Statement is missing/],
    ['an inherited Statement', Object.create({ Statement: [allow] }), '', /Statement is missing/],
    ['no statements', { Statement: [] }, 'Statement', /empty/],
    ['a statement that is none', { Statement: ['x'] }, 'Statement[0]', /must be an object/],
    ['nothing as a value', { Statement: [{ ...allow, Action: null }] }, 'Statement[0].Action', /Action has no value/],
  ])('%s is reported at its place', (_, document, path, why) => {
    const [first] = policyProblems('identity-policy', document);
    expect([first?.path, first?.message]).toEqual([path, expect.stringMatching(why)]);
  });
});

describe('of malicious input', () => {
  it('reports all of 16,000 wrong statements', () => {
    const statements = Array.from({ length: 16_000 }, () => ({ ...allow, Effect: 'Perhaps', Sid: 'same' }));
    expect(policyProblems('identity-policy', { Version: '2012-10-17', Statement: statements })).toHaveLength(32_000);
  });

  it('reports all of 30,000 unknown keys', () => {
    const keys = Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`key${at}`, '']));
    const found = policyProblems('bucket-policy', { Version: '2012-10-17', Statement: [{ ...byAnybody, ...keys }] });
    expect(found.length).toBeGreaterThanOrEqual(30_000);
  });

  it('stops at deeper nesting than in any policy, without a stack overflow', () => {
    let nested: object = {};
    for (let depth = 0; depth < 50_000; depth++) nested = { a: nested };
    for (const where of [{ Condition: nested }, { Principal: nested }, { Resource: [nested] }]) {
      const found = policyProblems('bucket-policy', { Version: '2012-10-17', Statement: [{ ...byAnybody, ...where }] });
      expect(found).toEqual([expect.objectContaining({ message: expect.stringContaining('nested') })]);
    }
  });

  it('ignores inherited keys, and treats `__proto__` as a key', () => {
    const document = JSON.parse(
      '{"Version": "2012-10-17", "Statement": [{"__proto__": {"Effect": "Allow"}, "Action": "s3:*", "Resource": "*"}]}',
    );
    expect(policyProblems('identity-policy', document).map(({ path }) => path)).toEqual([
      'Statement[0].#__proto__',
      'Statement[0]',
    ]);
  });

  it('shortens long values, and shows control characters as escapes', () => {
    const [first] = policyProblems('identity-policy', {
      Version: '2012-10-17',
      Statement: { ...allow, Action: `\u001b[31m${'x'.repeat(1000)}` },
    });
    expect(first?.message).toContain('\\u001b[31mx');
    expect(first?.message.length).toBeLessThan(300);
  });

  it('keeps keys with dots and brackets in one part', () => {
    const key = 'accounts.google.com[0]:aud';
    const [first] = policyProblems('identity-policy', {
      Version: '2012-10-17',
      Statement: { ...allow, Condition: { StringEquals: { [key]: {} } } },
    });
    expect(first?.at).toEqual(['Statement', 0, 'Condition', 'StringEquals', key]);
  });
});
