import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../cli/main.ts';
import { masked } from '../masked.ts';
import { root } from './entry.ts';
import { testSurroundings } from './surroundings.ts';

async function simulate(args: readonly string[], input = '') {
  const surroundings = testSurroundings({ input });
  const status = await main(['simulate', ...args], surroundings);
  return { status, ...surroundings.written };
}

const examples = join(root, 'examples/simulate');
const request = {
  principal: 'arn:aws:sts::111111111111:assumed-role/delivery/one',
  role: 'arn:aws:iam::111111111111:role/delivery',
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::bucket/key',
  resourceAccount: '111111111111',
};
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const allowed = { id: 'yes', request, policies: { identity: [everything] }, expect: 'allowed' };

it.each(readdirSync(examples))('the example %s is as it expects', async (file) => {
  const { status, stdout } = await simulate([join(examples, file)]);
  expect({ status, last: stdout.split('\n').at(-2) }).toEqual({
    status: 0,
    last: '1 case decided, 1 of 1 as expected.',
  });
});

it('has an example for each question of its page', () => {
  const page = readFileSync(join(root, 'docs/simulate.md'), 'utf8');
  for (const file of readdirSync(examples)) expect(page).toContain(`(../examples/simulate/${file})`);
});

describe('--json', () => {
  it('prints the decisions in the order of the cases', async () => {
    const denied = { ...allowed, id: 'no', policies: {}, expect: 'denied' };
    const { status, stdout, stderr } = await simulate(['-', '--json'], JSON.stringify([denied, allowed]));
    expect(status).toBe(0);
    expect(stderr).toContain('2 of 2');
    expect(JSON.parse(stdout)).toEqual([
      {
        id: 'no',
        decision: 'denied',
        refusals: [{ layer: 'identity-policy', effect: 'implicit', why: expect.any(String) }],
        unknown: [],
      },
      { id: 'yes', decision: 'allowed', refusals: [], unknown: [] },
    ]);
  });

  it('names unknown keys as the case spells them', async () => {
    const statement = { ...everything.Statement[0], Condition: { StringEquals: { 'AWS:sourcevpce': 'vpce-1' } } };
    const unknown = {
      request: { ...request, unknown: ['aws:SourceVpce', 'aws:SourceIp'] },
      policies: { identity: [{ ...everything, Statement: statement }] },
    };
    const { stdout } = await simulate(['-', '--json'], JSON.stringify(unknown));
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'case 1', decision: 'unknown', unknown: ['aws:SourceVpce'] }]);
  });
});

it('exits with 1 if a case is decided differently than expected', async () => {
  const { status, stdout } = await simulate(['-'], JSON.stringify({ ...allowed, expect: 'denied' }));
  expect(status).toBe(1);
  expect(stdout).toContain('0 of 1 as expected');
});

it.each([
  ['JSON lines', `${JSON.stringify(allowed)}\n\n${JSON.stringify(allowed)}\n`, 2],
  ['YAML documents', '---\nid: a\nrequest: {}\npolicies: {}\n---\nid: b\nrequest: {}\npolicies: {}\n', 2],
  ['a list', JSON.stringify([allowed, allowed, allowed], null, 2), 3],
])('reads %s', async (_, text, count) => {
  const { stdout } = await simulate(['-', '--json'], text);
  expect(JSON.parse(stdout)).toHaveLength(count);
});

function nested(depth: number): object {
  return Array.from({ length: depth }).reduce<object>((inside) => ({ inside }), {});
}

it.each([
  [true, 'its root user only'],
  [false, undefined],
])('says about a gateway endpoint (%s) what an account as Principal means there', async (gatewayEndpoint, says) => {
  const root = 'arn:aws:iam::111111111111:root';
  const vpcEndpoint = { ...everything, Statement: { ...everything.Statement[0], Principal: { AWS: root } } };
  const one = { request, policies: { identity: [everything], vpcEndpoint }, settings: { gatewayEndpoint } };
  const { stdout } = await simulate(['-'], JSON.stringify(one));
  if (says === undefined) expect(stdout).toMatch(/allowed {2}case 1/);
  else expect(stdout.replace(/\s+/g, ' ')).toContain(says);
});

it.each([
  ['the role', { 'AWS:principalarn': 'arn:aws:iam::111111111111:role/app/delivery' }, 'allowed'],
  ['the id of the role', { 'aws:userid': 'AROAEXAMPLEEXAMPLE01:one' }, 'allowed'],
  ['another role', { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/app/other' }, 'denied'],
])('takes %s of a session from its context', async (_, context, outcome) => {
  const { role: _role, ...others } = request;
  const AWS = ['arn:aws:iam::111111111111:role/app/delivery', 'AROAEXAMPLEEXAMPLE01'];
  const resource = { ...everything, Statement: [{ ...everything.Statement[0], Principal: { AWS } }] };
  const input = { request: { ...others, context }, policies: { resource }, expect: outcome };
  expect((await simulate(['-'], JSON.stringify(input))).status).toBe(0);
});

it('treats a role as any of its sessions, limited by its boundary', async () => {
  const { role: principal, role: _, ...others } = request;
  const resource = { Statement: { ...everything.Statement[0], Principal: { AWS: principal } } };
  const one = { request: { ...others, principal }, policies: { resource } };
  const limited = {
    ...one,
    policies: {
      resource,
      permissionsBoundary: { ...everything, Statement: [{ ...everything.Statement[0], Action: 'ec2:*' }] },
    },
  };
  const { stdout } = await simulate(['-', '--json'], JSON.stringify([one, limited]));
  expect(JSON.parse(stdout)).toMatchObject([{ decision: 'allowed' }, { decision: 'denied' }]);
});

it('says by which condition a Deny matches, and that a variable has no value', async () => {
  const condition = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } };
  const denies = { ...everything.Statement[0], Effect: 'Deny', Condition: condition };
  const context = { 'aws:TagKeys': ['a', 'b'] };
  const resource = 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*';
  const { stdout } = await simulate(
    ['-'],
    JSON.stringify([
      { request: { ...request, context }, policies: { identity: [{ ...everything, Statement: [denies] }] } },
      {
        request,
        policies: { identity: [{ ...everything, Statement: { ...everything.Statement[0], Resource: resource } }] },
      },
    ]),
  );
  const text = stdout.replace(/\s+/g, ' ');
  expect(masked(text)).toMatchSnapshot();
});

describe('a case that can’t be decided', () => {
  it.each([
    [
      'in a file',
      (text: string) => text.replaceAll(',', ',\n'),
      /standard input:4:\d+: the key "Effect" appears twice/,
    ],
    [
      'in a line',
      (text: string) => `${JSON.stringify(allowed)}\n${text}`,
      /standard input:2:\d+: the key "Effect" appears twice/,
    ],
  ])('%s has a key twice', async (_, written, problem) => {
    const statement = '{"Effect":"Allow","Effect":"Deny"}';
    const text = `{"id":"twice","request":{},"policies":{"identity":[${statement}]}}`;
    const { status, stderr } = await simulate(['-'], written(text));
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(problem) });
  });

  const broken = (change: object) => JSON.stringify([{ ...allowed, id: 'broken', ...change }, allowed]);

  it.each([
    [
      'another service',
      { request: { ...request, action: 'ec2:RunInstances' } },
      /request\.action: is "ec2:RunInstances".*s3, kms or sts/,
    ],
    ['a missing field', { request: { ...request, resource: undefined } }, /request\.resource: is missing/],
    ['an unknown field', { requests: 1 }, /requests: is 1: there is no such field; allowed: id, .*request, policies/],
    [
      'a service that calls',
      { request: { ...request, principal: 's3.amazonaws.com' } },
      /request\.principal: is .*session/,
    ],
    [
      'a session of another role',
      { request: { ...request, role: 'arn:aws:iam::111111111111:role/other' } },
      /request\.role: is .*other.*of the role delivery/,
    ],
    ['no ARN', { request: { ...request, resource: 'bucket/key' } }, /request\.resource: is "bucket\/key".*an ARN/],
    [
      'a key that is known and unknown',
      { request: { ...request, context: { 'aws:SourceIp': '192.0.2.1' }, unknown: ['AWS:sourceip'] } },
      /request\.unknown\[0\]: is AWS:sourceip/,
    ],
    [
      'a policy that is a text',
      { policies: { identity: ['{}'] } },
      /policies\.identity\[0\]: is "{}".*policy document/,
    ],
    [
      'an action that is a number',
      { policies: { session: { Statement: { Effect: 'Deny', Action: 5, Resource: '*' } } } },
      /policies\.session\.Statement.*Action: is 5/,
    ],
    ['nested without end', { policies: { resource: nested(1_000) } }, /nested more than 200 levels/],
    [
      'no Effect',
      { policies: { identity: [{ Statement: [{ Action: '*' }] }] } },
      /policies\.identity\[0\]\.Statement\[0\]\.Effect: is missing/,
    ],
    [
      'an operator that does not exist',
      {
        policies: {
          session: { Statement: { ...everything.Statement[0], Condition: { StringMatches: { 'aws:userid': 'b' } } } },
        },
      },
      /policies\.session\.Statement.*StringMatches/,
    ],
    [
      'a principal where there is none',
      { policies: { identity: [{ Statement: { ...everything.Statement[0], Principal: '*' } }] } },
      /policies\.identity\[0\]\.Statement.*Principal/,
    ],
    [
      'both actions',
      { policies: { session: { Statement: { Effect: 'Deny', Action: '*', NotAction: '*' } } } },
      /policies\.session\.Statement.*one of Action and NotAction/,
    ],
  ])('%s: says where, what and what is allowed, and decides the others', async (_, change, says) => {
    const { status, stdout, stderr } = await simulate(['-', '--json'], broken(change));
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
    expect(JSON.parse(stdout)).toMatchObject([
      { id: 'broken', problems: [{}] },
      { id: 'yes', decision: 'allowed' },
    ]);
  });

  it('is a line that is not JSON', async () => {
    const { status, stdout } = await simulate(
      ['-', '--json'],
      `${JSON.stringify(allowed)}\n${JSON.stringify(allowed)}\n{"id":`,
    );
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([{ decision: 'allowed' }, { decision: 'allowed' }, { problems: [{}] }]);
  });

  it('is an invalid YAML document or a missing file', async () => {
    const { status, stdout } = await simulate(
      ['-', 'nowhere.json', '--json'],
      `---\n${JSON.stringify(allowed)}\n---\na: [\n---\n${JSON.stringify(allowed)}\n`,
    );
    expect(status).toBe(2);
    const decided = { decision: 'allowed' };
    expect(JSON.parse(stdout)).toMatchObject([decided, { problems: [{}] }, decided, { problems: [{}] }]);
  });

  it('has its problems counted after the first twenty', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`field${at}`, at]));
    const { stderr } = await simulate(['-'], broken(many));
    expect(stderr).toContain('30 further problems');
  });
});

it('names the values that it can’t read', async () => {
  expect(await simulate(['nowhere.json'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no such file'),
  });
  expect(await simulate(['-'], '[]')).toMatchObject({ status: 2, stderr: expect.stringContaining('no decision case') });
});
