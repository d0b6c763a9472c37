import { accountArn, roleArn } from '../../core/arn.ts';
import type { Side } from '../../core/vocabulary.ts';
import type { Caller, PolicyStatement } from '../../model/world/world.ts';

/** Who puts worlds into one of the two accounts. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  /** As aws:userid has it. */
  readonly userId: string;
}

export type Identities = Readonly<Record<Side, Identity>>;

/** One after the other: nothing is asked of the customer's account where the service's has a problem. */
export async function onBothSides<T>(of: (side: Side) => Promise<T>): Promise<Readonly<Record<Side, T>>> {
  return { service: await of('service'), customer: await of('customer') };
}

/** For a plan without credentials: accounts that are in every example. */
export const madeUpIdentities: Identities = {
  service: madeUp('111111111111', 'AROAMADEUPSERVICEADMIN'),
  customer: madeUp('222222222222', 'AROAMADEUPCUSTOMERADMN'),
};

function madeUp(accountId: string, roleId: string): Identity {
  return { accountId, arn: roleArn('aws', accountId, 'admin'), userId: `${roleId}:you` };
}

/**
 * Lets the identity that runs this, in any session, and no one else do something. It names the account, so that the
 * identity's own policies have to allow it too, and a condition: the path of a role is not in its sessions' names.
 */
export function allowing({ accountId, userId }: Identity, action: string, resource?: string): PolicyStatement {
  const [id = ''] = userId.split(':');
  return {
    Sid: 'SecureInboxConformance',
    Effect: 'Allow',
    Principal: { AWS: accountArn('aws', accountId) },
    Action: action,
    ...(resource !== undefined && { Resource: resource }),
    Condition: { StringLike: { 'aws:userid': id.startsWith('AROA') ? `${id}:*` : userId } },
  };
}

/** The same as a caller of the model, whose own policies allow everything. */
export function callerOf({ accountId, arn, userId }: Identity): Caller {
  return { accessKeyId: '', secretAccessKey: '', accountId, arn, userId };
}
