import { type Layer, layers, rankOfLayer } from '../../core/layers.ts';
import { decide, type Policies } from '../../policy/index.ts';
import { policyKinds } from '../../policy/policy-kinds.ts';

const statement = { Effect: 'Deny', Action: '*', Resource: '*' };
const deny = { Version: '2012-10-17', Statement: statement };
const denyAll = { ...deny, Statement: { ...statement, Principal: '*' } };

/** Each kind of policy that can be given for a request to S3, with a Deny in it. */
const denying: Partial<Record<Layer, Policies>> = {
  'service-control-policy': { serviceControl: [{ name: 'scp', document: deny }] },
  'resource-control-policy': { resourceControl: [{ name: 'rcp', document: denyAll }] },
  'identity-policy': { identity: [{ name: 'inline', document: deny }] },
  'permissions-boundary': { permissionsBoundary: { name: 'boundary', document: deny } },
  'session-policy': { session: deny },
  'vpc-endpoint-policy': { vpcEndpoint: denyAll },
  'bucket-policy': { resource: denyAll },
};
const kinds = Object.keys(denying) as Layer[];
const pairs = kinds.flatMap((one) => kinds.filter((other) => other !== one).map((other) => [one, other] as const));

test.each(pairs)('of %s and %s the engine names the one whose row comes first', (one, other) => {
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
