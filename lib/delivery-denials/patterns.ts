import { Stack } from 'aws-cdk-lib';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { serviceName } from '../../core/arn.ts';
import { checkSessionPrefix } from '../../core/object-keys.ts';

export type NamedRole = Pick<IRole, 'roleArn' | 'roleName'>;

/** CloudTrail uses the first, the API the second. */
const refused = ['AccessDenied', 'AccessDeniedException'];

/**
 * KMS denied a key to a session of the delivery role other than the check's. A check's own denial must never match, because
 * it would start the next check, and so on.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function deniedKeys(scope: IConstruct, deliveryRole: NamedRole): EventPattern {
  return {
    ...calledOf('kms'),
    detail: {
      eventSource: [serviceName('kms')],
      errorCode: refused,
      userIdentity: {
        // The caller on whose behalf S3 calls KMS.
        sessionContext: { sessionIssuer: { arn: [deliveryRole.roleArn] } },
        arn: [{ 'anything-but': { prefix: sessionsOf(scope, deliveryRole, checkSessionPrefix) } }],
      },
    },
  };
}

/** STS denied the delivery role to a caller other than the check, which reports its own denials. */
export function deniedRole(scope: IConstruct, deliveryRole: NamedRole, checkRole: NamedRole): EventPattern {
  const named = `* on resource: ${deliveryRole.roleArn}`;
  return {
    ...calledOf('sts'),
    detail: {
      eventSource: [serviceName('sts')],
      eventName: ['AssumeRole'],
      errorCode: refused,
      userIdentity: { arn: [{ 'anything-but': { prefix: sessionsOf(scope, checkRole, '') } }] },
      // A denied call may be recorded without its parameters. Another role's name can begin with this one's.
      $or: [
        { requestParameters: { roleArn: [deliveryRole.roleArn] } },
        { errorMessage: [{ wildcard: named }, { wildcard: `${named} *` }] },
      ],
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
function calledOf(service: string): EventPattern {
  return { source: [`aws.${service}`], detailType: ['AWS API Call via CloudTrail'] };
}

function sessionsOf(scope: IConstruct, { roleName }: NamedRole, sessionPrefix: string): string {
  return Stack.of(scope).formatArn({
    service: 'sts',
    region: '',
    resource: 'assumed-role',
    resourceName: `${roleName}/${sessionPrefix}`,
  });
}
