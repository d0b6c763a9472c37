import { accountArn, partitionIn, sessionArn } from '../../core/arn.ts';
import { keptIn } from '../../core/values.ts';
import { hexDigestOf } from '../template/names.ts';
import type { Caller, Role } from './world.ts';

/**
 * Access keys that exist from the start: one for the check's role, and one for each account's root user, who may do
 * everything that the account may. They are made up and work only in the sandbox. Secrets are new each time the program
 * starts, so that a page in a browser can't know them.
 */
export function callersOf(accountIds: readonly string[], checkRole: Role): Map<string, Caller> {
  const check: Caller = {
    accessKeyId: 'ASIASANDBOXCHECKROLE',
    secretAccessKey: secretOf('the check'),
    sessionToken: secretOf('the session of the check'),
    accountId: checkRole.accountId,
    arn: sessionArn(checkRole.arn, checkRole.name),
    userId: `${checkRole.roleId}:${checkRole.name}`,
    roleArn: checkRole.arn,
  };
  const partition = partitionIn(checkRole.arn);
  const administrators = accountIds.map(
    (accountId): Caller => ({
      accessKeyId: `AKIAROOT${accountId}`,
      secretAccessKey: secretOf(accountId),
      accountId,
      arn: accountArn(partition, accountId),
      userId: accountId,
    }),
  );
  return new Map([check, ...administrators].map((caller) => [caller.accessKeyId, caller]));
}

let seed: Uint8Array | undefined;
const secrets = new Map<string, string>();

/** The secret access key of an account's root user or any other caller, until the program ends. */
export function secretOf(whom: string): string {
  seed ??= crypto.getRandomValues(new Uint8Array(32));
  const key = seed;
  return keptIn(secrets, whom, () => hexDigestOf(whom, key).slice(0, 40));
}

/** The credentials of the check itself. */
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
