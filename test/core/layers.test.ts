import { type Layer, layers, rankOfLayer } from '../../core/layers.ts';
import { decide, type Policies } from '../../policy/index.ts';
import { otherKinds, policyKinds } from '../../policy/policy-kinds.ts';

const statement = { Effect: 'Deny', Action: '*', Resource: '*' };
const deny = { Version: '2012-10-17', Statement: statement };
const denyAll = { ...deny, Statement: { ...statement, Principal: '*' } };

/** Each type of policy that can affect a request to S3, with a Deny. */
const denying = Object.fromEntries(
  [...otherKinds, 'bucket-policy' as const].map((kind) => {
    const { given, principal } = policyKinds[kind];
    const document = principal === 'forbidden' ? deny : denyAll;
    const forms = { list: [{ name: kind, document }], named: { name: kind, document }, document };
    return [kind, { [given[0]]: forms[given[1]] }];
  }),
) as Partial<Record<Layer, Policies>>;
const kinds = Object.keys(denying) as Layer[];
const pairs = kinds.flatMap((one) =>
  kinds.filter((other) => rankOfLayer(other) !== rankOfLayer(one)).map((other) => [one, other] as const),
);

test.each(pairs)('for %s and %s the engine names the one whose row comes first', (one, other) => {
  const request = {
    principal: 'arn:aws:sts::111111111111:assumed-role/delivery/check',
    role: 'arn:aws:iam::111111111111:role/delivery',
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::inbox/report',
    resourceAccount: '222222222222',
    context: {},
  };
  const first = rankOfLayer(one) < rankOfLayer(other) ? one : other;
  expect(decide(request, { ...denying[one], ...denying[other] }).blamed?.layer).toBe(first);
});

test('each kind of policy that AWS saves is the document of the layer of that name', () => {
  const kinds = Object.values(layers).flatMap((row) => ('document' in row ? [row.document[0]] : []));
  expect(new Set(kinds)).toEqual(new Set(Object.keys(policyKinds)));
  for (const kind of kinds) expect(layers[kind].document[0]).toBe(kind);
});
