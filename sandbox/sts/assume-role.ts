import { randomBytes } from 'node:crypto';
import { serviceName, sessionArn } from '../../core/arn.ts';
import { notAuthorized } from '../../core/aws-words/reasons.ts';
import { defined } from '../../core/values.ts';
import { authorize } from '../../model/policies/authorize.ts';
import type { Caller, Role, World } from '../../model/world/world.ts';
import { type RecordedCall, recordCall } from '../cloudtrail/record.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';
import { type AssumeRoleInput, maxSessionPolicy, parseAssumeRole } from './assume-role-input.ts';

/**
 * Opens a session of a role. Its credentials become a caller of the world.
 *
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRole(world: World, request: SandboxRequest): SandboxResponse {
  const input = parseAssumeRole(QueryInput.of(request));
  try {
    const role = trustedRole(world, request, input);
    const session = openSession(world, role, input);
    record(world, request, input, { session });
    return queryResponse('sts', 'AssumeRole', request, {
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiresAt,
      },
      PackedPolicySize: input.policy && Math.ceil((input.policy.text.length * 100) / maxSessionPolicy),
    });
  } catch (error) {
    if (error instanceof AwsError) record(world, request, input, { error });
    throw error;
  }
}

/** STS answers the same for a missing role and for one that the caller may not assume. */
function trustedRole(world: World, { caller, region }: SandboxRequest, input: AssumeRoleInput): Role {
  const { roleArn, roleAccountId, sessionName, durationSeconds, externalId } = input;
  if (caller.roleArn === undefined) {
    throw new AwsError('AccessDenied', 403, 'Roles may not be assumed by root accounts.');
  }
  if (durationSeconds > 3600) {
    // In the sandbox, every caller other than a root user is a role session.
    throw new AwsError(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  const role = world.roles.get(roleArn);
  const decision =
    role &&
    authorize(world, {
      caller,
      action: 'sts:AssumeRole',
      resource: roleArn,
      resourceAccountId: roleAccountId,
      resourcePolicy: role.trustPolicy,
      context: {
        'aws:RequestedRegion': region,
        'sts:RoleSessionName': sessionName,
        ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
      },
    });
  if (role && decision?.allowed) return role;
  throw new AwsError('AccessDenied', 403, notAuthorized(caller.arn, 'sts:AssumeRole', `resource: ${roleArn}`));
}

function openSession(
  world: World,
  role: Role,
  { sessionName, durationSeconds, policy }: AssumeRoleInput,
): Caller & { expiresAt: Date } {
  const override = role.arn === world.deliveryRoleArn ? world.sessionPolicyOverride : undefined;
  const sessionPolicy = override ?? policy?.document;
  const session = {
    accessKeyId: `ASIA${randomId(16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
    accountId: role.accountId,
    arn: sessionArn(role.arn, sessionName),
    userId: `${role.roleId}:${sessionName}`,
    roleArn: role.arn,
    ...(sessionPolicy && { sessionPolicy }),
    expiresAt: new Date(world.now().getTime() + durationSeconds * 1000),
  };
  forgetOldSessions(world);
  world.callers.set(session.accessKeyId, session);
  return session;
}

const keptSessions = 2_000;

/** Drops sessions that expired some time ago and, if there are very many, the oldest ones. */
function forgetOldSessions(world: World): void {
  const longAgo = world.now().getTime() - 3_600_000;
  const temporary = [...world.callers.values()].filter(({ expiresAt }) => expiresAt !== undefined);
  if (temporary.length < keptSessions) return;
  const ended = temporary.filter(({ expiresAt }) => (expiresAt?.getTime() ?? 0) < longAgo);
  for (const { accessKeyId } of [...ended, ...temporary.slice(0, keptSessions / 5)]) world.callers.delete(accessKeyId);
}

function randomId(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function record(
  world: World,
  request: SandboxRequest,
  { roleArn, roleAccountId, sessionName, durationSeconds, externalId, policy }: AssumeRoleInput,
  { session, error }: { session?: Caller & { expiresAt: Date }; error?: AwsError },
): void {
  recordStsCall(world, request, {
    eventName: 'AssumeRole',
    requestParameters: {
      roleArn,
      roleSessionName: sessionName,
      ...defined({ externalId, policy: policy?.text }),
      durationSeconds,
    },
    ...(session && {
      responseElements: {
        credentials: {
          accessKeyId: session.accessKeyId,
          sessionToken: session.sessionToken,
          expiration: session.expiresAt.toISOString(),
        },
        assumedRoleUser: { assumedRoleId: session.userId, arn: session.arn },
      },
      resource: { type: 'AWS::IAM::Role', arn: roleArn, accountId: roleAccountId },
    }),
    ...(error && { error }),
  });
}

type StsCall = Pick<RecordedCall, 'eventName' | 'requestParameters' | 'responseElements' | 'resource' | 'error'>;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html */
export function recordStsCall(
  world: World,
  { caller, requestId, region, headers }: SandboxRequest,
  call: StsCall,
): void {
  const userAgent = headers['user-agent'];
  const eventSource = serviceName('sts');
  recordCall(world, {
    caller,
    requestId,
    region,
    eventSource,
    readOnly: true,
    ...call,
    ...(userAgent && { userAgent }),
  });
}
