import { synthesized } from './synthesized.ts';

/** Services that act on behalf of a caller, who might be in another account. */
const deputies = ['states', 'scheduler'];

interface TrustStatement {
  readonly Principal: { readonly Service?: string };
  readonly Condition?: { readonly [operator: string]: Readonly<Record<string, unknown>> };
}

it.each(deputies)('a role that %s assumes is assumed for this account and its own resources only', (service) => {
  const roles = Object.values(synthesized({ onboardedAccounts: ['222222222222'] }).findResources('AWS::IAM::Role'));
  const statements = roles
    .flatMap((role) => role['Properties'].AssumeRolePolicyDocument.Statement as readonly TrustStatement[])
    .filter(({ Principal }) => JSON.stringify(Principal).includes(`${service}.`));
  expect(statements.length).toBeGreaterThan(0);
  for (const { Condition = {} } of statements) {
    const keys = Object.assign({}, ...Object.values(Condition)) as Readonly<Record<string, unknown>>;
    expect(keys['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(keys['aws:SourceArn'])).toContain('AWS::AccountId');
  }
});
