import { decide, type PolicyDocument, type Request } from '../../policy/index.ts';

const request: Request = {
  principal: 'arn:aws:sts::111111111111:assumed-role/delivery/check-acme',
  role: 'arn:aws:iam::111111111111:role/delivery',
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::bucket/reports/x',
  resourceAccount: '222222222222',
  context: {},
};

function document(Effect: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect, Principal: '*', Action: 's3:*', Resource: '*' } };
}

it('does not read policies that make no difference until all denials are requested', () => {
  const read: string[] = [];
  const endpoint = {
    Version: '2012-10-17',
    get Statement() {
      read.push('endpoint');
      return document('Deny').Statement;
    },
  };
  const decision = decide(request, { identity: [], vpcEndpoint: endpoint, resource: document('Deny') });
  expect(decision.outcome).toBe('denied');
  expect(read).toEqual([]);
  expect(decision.refusals.map(({ layer, effect }) => `${layer} ${effect}`)).toEqual([
    'identity-policy implicit',
    'vpc-endpoint-policy explicit',
    'bucket-policy explicit',
  ]);
  expect(decision.blamed?.layer).toBe('vpc-endpoint-policy');
  expect(read).toEqual(['endpoint']);
});

it('uses the last of two spellings of a key in the context', () => {
  const identity = [
    {
      name: 'one',
      document: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: '*',
          Resource: '*',
          Condition: { StringEquals: { 'aws:sourcevpce': 'b' } },
        },
      },
    },
  ];
  const decided = (context: Request['context']) =>
    decide({ ...request, resourceAccount: '111111111111', context }, { identity }).outcome;
  expect(decided({ 'aws:SourceVpce': 'a', 'aws:SourceVPCE': 'b' })).toBe('allowed');
  expect(decided({ 'aws:sourcevpce': 'b', 'aws:SourceVPCE': 'a' })).toBe('denied');
});

it("names a Deny's exceptions, and the caller", () => {
  const excepted = { AWS: 'arn:aws:iam::111111111111:role/delivery' };
  const statement = { Effect: 'Deny', NotPrincipal: excepted, NotAction: 's3:GetObject', Resource: '*' };
  const { refusals } = decide(request, { identity: [], resource: { Version: '2012-10-17', Statement: statement } });
  expect(refusals.find(({ effect }) => effect === 'explicit')?.conditions).toEqual([
    { element: 'NotAction', wanted: ['s3:GetObject'], actual: 's3:PutObject' },
    { element: 'NotPrincipal', wanted: [excepted.AWS], actual: request.principal },
  ]);
});

it('gives all values of a key that has several', () => {
  const Condition = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } };
  const Statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition };
  const context = { 'aws:TagKeys': ['a', 'b'] };
  const { refusals } = decide(
    { ...request, context, resourceAccount: '111111111111' },
    { identity: [{ name: 'one', document: { Version: '2012-10-17', Statement } }] },
  );
  expect(refusals[0]?.mismatches).toMatchObject([{ key: 'aws:TagKeys', wanted: ['a'], several: ['a', 'b'] }]);
});
