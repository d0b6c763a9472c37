import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { servedWorld } from '../kms/served-world.ts';
import { customerRoot, deny, editRole, idle, idleRoleArn, policy } from '../small-world.ts';

const served = servedWorld();

test.each([
  { who: 'a role session', caller: idle },
  { who: 'a root user', caller: customerRoot },
])('identifies $who', async ({ caller }) => {
  const { Arn, UserId, Account } = await served.clientsOf(caller).sts.send(new GetCallerIdentityCommand({}));
  expect({ Arn, UserId, Account }).toEqual({ Arn: caller.arn, UserId: caller.userId, Account: caller.accountId });
});

test('cannot be denied', async () => {
  editRole(served.world, idleRoleArn, { policies: [{ name: 'nothing', document: policy(deny('*', '*')) }] });
  const { Arn } = await served.clientsOf(idle).sts.send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe(idle.arn);
});
