import { accountArn, partitionIn, sessionArn } from '../../core/arn.ts';
import type { Caller, Role } from './world.ts';

/**
 * Access keys that exist from the start: one for the role that the check runs as, and one for each account's root user,
 * who may do whatever the account may. They are made up and work nowhere but in the sandbox.
 */
export function callersOf(accountIds: readonly string[], checkRole: Role): Map<string, Caller> {
  const check: Caller = {
    accessKeyId: 'ASIASANDBOXCHECKROLE',
    secretAccessKey: 'sandbox-secret-of-the-check',
    sessionToken: 'sandbox-session-token-of-the-check',
    accountId: checkRole.accountId,
    arn: sessionArn(checkRole.arn, checkRole.name),
    userId: `${checkRole.roleId}:${checkRole.name}`,
    roleArn: checkRole.arn,
  };
  const partition = partitionIn(checkRole.arn);
  const administrators = accountIds.map(
    (accountId): Caller => ({
      accessKeyId: `AKIAROOT${accountId}`,
      secretAccessKey: `sandbox-secret-of-${accountId}`,
      accountId,
      arn: accountArn(partition, accountId),
      userId: accountId,
    }),
  );
  return new Map([check, ...administrators].map((caller) => [caller.accessKeyId, caller]));
}

/** The credentials that the check itself runs with. */
export function checkCaller({
  callers,
  checkRoleArn,
}: {
  readonly callers: ReadonlyMap<string, Caller>;
  readonly checkRoleArn: string;
}): Caller {
  const caller = [...callers.values()].find(({ roleArn }) => roleArn === checkRoleArn);
  if (!caller) throw new Error(`nobody has credentials of ${checkRoleArn}`);
  return caller;
}
