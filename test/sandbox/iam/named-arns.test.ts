import type { SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam';
import { failureOf, servedWorld } from '../kms/served-world.ts';
import {
  allow,
  customerRoot,
  deliveryRoleArn,
  deny,
  editRole,
  idle,
  idleRoleArn,
  policy,
  serviceRoot,
} from '../small-world.ts';
import { simulatorOf } from './simulator.ts';

const served = servedWorld();
const { simulate, withPolicies } = simulatorOf(served);

/** ARN formats in IAM's own notation: `arn:aws:s3:::${BucketName}/${KeyName}`. */
function arnsIn(answer: unknown): string[] {
  const found = JSON.stringify(answer).match(/arn:[\w-]+:[^"\s,]+/g) ?? [];
  return found.map((arn) => arn.replace(/[.\\]+$/, '')).filter((arn) => !arn.includes('${'));
}

const boundaryArn = 'arn:aws:iam::111111111111:policy/boundary';
const scpArn = 'arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-1';
const open: Partial<SimulatePrincipalPolicyCommandInput> = {
  ActionNames: ['s3:PutObject', 's3:ListBucket', 'kms:Decrypt', 'sts:AssumeRole'],
};

/** Before a decision, patterns are filled in with names and IDs that no one uses. */
const patterns: readonly (readonly string[])[] = [
  [],
  ['*'],
  ['arn:aws:s3:::*'],
  ['arn:aws:s3:::inbox/report-?'],
  ['arn:aws:kms:*:*:key/*', 'arn:aws:iam::111111111111:role/*'],
];

it.each(patterns.map((ResourceArns) => ({ ResourceArns })))(
  'an answer about $ResourceArns names the requested resource, and nothing made up',
  async ({ ResourceArns }) => {
    withPolicies(policy(allow('s3:PutObject', 'arn:aws:s3:::inbox/*'), deny('kms:Decrypt', '*')));
    const { EvaluationResults } = await simulate({ ...open, ResourceArns: [...ResourceArns] });
    expect(EvaluationResults).toHaveLength(4);
    expect(arnsIn(EvaluationResults).filter((arn) => !ResourceArns.includes(arn))).toEqual([]);
  },
);

describe('a denial names the caller, the requested role, and existing policies:', () => {
  const known = [idle.arn, serviceRoot.arn, deliveryRoleArn, boundaryArn, scpArn];

  it.each(patterns.map((ResourceArns) => ({ ResourceArns })))('about $ResourceArns', async ({ ResourceArns }) => {
    const failure = await failureOf(simulate({ ...open, ResourceArns: [...ResourceArns] }, idle));
    expect(failure).toMatchObject({ code: 'AccessDenied' });
    expect(arnsIn(failure)).toEqual([idle.arn, deliveryRoleArn]);
  });

  it('about a role that does not exist, which the answer does not reveal', async () => {
    const PolicySourceArn = 'arn:aws:iam::111111111111:role/somewhere/nobody';
    const failure = await failureOf(simulate({ PolicySourceArn }, idle));
    expect(failure).toMatchObject({ code: 'AccessDenied' });
    expect(arnsIn(failure)).toEqual([idle.arn, PolicySourceArn]);
  });

  it('if a permissions boundary denies', async () => {
    const ask = policy(allow('iam:SimulatePrincipalPolicy', '*'));
    const document = policy(allow('*', '*'), deny('iam:*', '*'));
    editRole(served.world, idleRoleArn, {
      policies: [{ name: 'ask', document: ask }],
      permissionsBoundary: { name: 'boundary', arn: boundaryArn, document },
    });
    const failure = await failureOf(simulate({}, idle));
    expect(failure).toMatchObject({ code: 'AccessDenied', message: expect.stringContaining('permissions boundary') });
    expect(arnsIn(failure).filter((arn) => !known.includes(arn))).toEqual([]);
  });

  it('to another account', async () => {
    const failure = await failureOf(simulate({}, customerRoot));
    expect(arnsIn(failure)).toEqual([]);
  });
});
