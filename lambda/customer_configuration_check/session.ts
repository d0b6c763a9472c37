import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { checkSessionPrefix } from '../../core/object-keys.ts';
import { sessionPolicyFor } from '../../core/session-policy.ts';
import type { Aws, SessionCredentials } from './aws.ts';

/** A session of the delivery role for one customer. */
export interface Session {
  readonly credentials: SessionCredentials;
  /** `arn:aws:sts::…:assumed-role/ROLE/check-CUSTOMER` */
  readonly principal: string;
}

export interface SessionCache {
  /** @returns undefined unless there is a session for this exact role, customer and policy with time left */
  get(delivery: Delivery, now: Date): Session | undefined;
  put(delivery: Delivery, session: Session): void;
  drop(delivery: Delivery): void;
}

const freshMs = 5 * 60_000;

/** @param limit how many sessions to keep; beyond it, the least recently used one is dropped */
export function createSessionCache(limit = 500): SessionCache {
  const sessions = new Map<string, Session>();
  return {
    get(delivery, now) {
      const key = keyOf(delivery);
      const session = sessions.get(key);
      sessions.delete(key);
      if (!session || session.credentials.expiration.getTime() - now.getTime() < freshMs) return undefined;
      sessions.set(key, session);
      return session;
    },
    put(delivery, session) {
      sessions.set(keyOf(delivery), session);
      const [oldest] = sessions.keys();
      if (sessions.size > limit && oldest !== undefined) sessions.delete(oldest);
    },
    drop(delivery) {
      sessions.delete(keyOf(delivery));
    },
  };
}

function keyOf(delivery: Delivery): string {
  return JSON.stringify([delivery.deliveryRoleArn, delivery.customer, sessionPolicyFor(delivery)]);
}

/** STS's minimum. A session serves only a few checks of one customer. */
const durationSeconds = 900;

/**
 * Assumes the delivery role. The session is limited to what this customer's delivery needs.
 *
 * @throws the SDK's error
 */
export async function assumeDeliveryRole(aws: Aws, delivery: Delivery, abortSignal: AbortSignal): Promise<Session> {
  const command = new AssumeRoleCommand({
    RoleArn: delivery.deliveryRoleArn,
    RoleSessionName: `${checkSessionPrefix}${delivery.customer}`,
    Policy: JSON.stringify(sessionPolicyFor(delivery)),
    DurationSeconds: durationSeconds,
  });
  const { Credentials, AssumedRoleUser } = await aws.sts.send(command, { abortSignal });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration || !AssumedRoleUser?.Arn) {
    throw new Error('STS answered AssumeRole without credentials.');
  }
  return {
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    },
    principal: AssumedRoleUser.Arn,
  };
}
