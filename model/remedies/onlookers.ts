import { partitionIn, roleArn, sessionArn } from '../../core/arn.ts';
import { everything, withoutStatements } from '../world/plain-policies.ts';
import type { Caller, Role, World } from '../world/world.ts';

/** Principals that deliver nothing and that no remedy is for. Their own accounts let them do everything. */
export interface Onlookers {
  readonly ofTheService: Caller;
  readonly ofAnotherAccount: Caller;
  readonly roles: readonly Role[];
}

export function onlookersOf(world: World): Onlookers {
  const partition = partitionIn(world.deliveryRoleArn);
  const ofTheService = administratorOf(partition, world.serviceAccountId);
  const ofAnotherAccount = administratorOf(partition, accountBeside(world));
  return {
    ofTheService: callerOf(ofTheService),
    ofAnotherAccount: callerOf(ofAnotherAccount),
    roles: [ofTheService, ofAnotherAccount],
  };
}

/** An account that is not part of the world. */
export function accountBeside({ accounts, buckets, keys }: World): string {
  const known = new Set([...accounts.keys(), ...[...buckets.values(), ...keys.values()].map((one) => one.accountId)]);
  const free = ['888888888888', '777777777777', '666666666666', '555555555555'].find((id) => !known.has(id));
  if (!free) throw new Error(`The world has too many accounts: ${[...known].join(', ')}`);
  return free;
}

const name = 'onlooker';

function administratorOf(partition: string, accountId: string): Role {
  return {
    arn: roleArn(partition, accountId, name),
    accountId,
    name,
    roleId: `AROAONLOOKER${accountId}`,
    trustPolicy: withoutStatements,
    policies: [everything],
  };
}

function callerOf({ arn, accountId, roleId }: Role): Caller {
  return {
    accessKeyId: '',
    secretAccessKey: '',
    accountId,
    arn: sessionArn(arn, 'session'),
    userId: `${roleId}:session`,
    roleArn: arn,
  };
}
