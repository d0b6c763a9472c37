import { statementAllowing, synthesized } from './synthesized.ts';

const usual = 'secure-inbox-delivery';
const next = 'reports-delivery';

/** Logical IDs of the delivery roles, by name. */
function rolesIn(props: Parameters<typeof synthesized>[0]): Readonly<Record<string, string>> {
  const roles = Object.entries(synthesized(props).findResources('AWS::IAM::Role'));
  const named = roles.map(([id, role]) => [String(role['Properties'].RoleName), id] as const);
  return Object.fromEntries(named.filter(([name]) => [usual, next].includes(name)));
}

describe('while customers move from one delivery role to another', () => {
  const before = rolesIn({});
  const beside = { furtherDeliveryRoleNames: [next] };
  const switched = { deliveryRoleName: next, furtherDeliveryRoleNames: [usual] };

  it('neither is re-created: CloudFormation knows each by the same ID throughout', () => {
    expect(Object.keys(before)).toEqual([usual]);
    expect(rolesIn(beside)).toEqual({ ...before, [next]: expect.any(String) });
    expect(rolesIn(switched)).toEqual(rolesIn(beside));
    expect(rolesIn({ deliveryRoleName: next })).toEqual({ [next]: rolesIn(beside)[next] });
  });

  it('both have the same trust and the same permissions', () => {
    const roles = Object.values(synthesized(beside).findResources('AWS::IAM::Role')).map((role) => role['Properties']);
    const [first, second] = [usual, next].map((name) => roles.find(({ RoleName }) => RoleName === name));
    expect(second).toEqual({ ...first, RoleName: next });
  });

  it('the check delivers as the current one, and may as either', () => {
    const template = synthesized(switched);
    const ids = rolesIn(switched);
    const arnOf = (name: string) => ({ 'Fn::GetAtt': [ids[name], 'Arn'] });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'customer_configuration_check',
      Environment: { Variables: { DELIVERY_ROLE_ARN: arnOf(next) } },
    });
    const { Resource } = statementAllowing(template, 'sts:AssumeRole');
    expect([Resource].flat()).toHaveLength(2);
    expect(Resource).toEqual(expect.arrayContaining([arnOf(next), arnOf(usual)]));
    template.hasOutput('DeliveryRoleArn', { Value: arnOf(next) });
    template.hasOutput('FurtherDeliveryRoleArns', { Value: arnOf(usual) });
  });
});

it('without further roles there is no output for them', () => {
  expect(Object.keys(synthesized().findOutputs('FurtherDeliveryRoleArns'))).toEqual([]);
});

it('a role that is named twice is refused', () => {
  expect(() => synthesized({ furtherDeliveryRoleNames: [usual] })).toThrow(
    /^furtherDeliveryRoleNames has secure-inbox-delivery, .* Allowed: each role once\./,
  );
});
