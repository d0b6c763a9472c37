import { Stack } from 'aws-cdk-lib';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { serviceName } from '../../core/arn.ts';
import { checkSessionPrefix } from '../../core/object-keys.ts';

export type NamedRole = Pick<IRole, 'roleArn' | 'roleName'>;

/** CloudTrail has the one, the API the other. */
const refused = ['AccessDenied', 'AccessDeniedException'];

/**
 * KMS refused a key to the delivery role, whoever took it on but the check. A denial of a check's must never match: it
 * would start the next check, and that one the next.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function deniedKeys(scope: IConstruct, deliveryRole: NamedRole): EventPattern {
  return {
    ...calledOf('kms'),
    detail: {
      eventSource: [serviceName('kms')],
      errorCode: refused,
      userIdentity: {
        // The caller, where S3 asks KMS on behalf of it.
        sessionContext: { sessionIssuer: { arn: [deliveryRole.roleArn] } },
        arn: [{ 'anything-but': { prefix: sessionsOf(scope, deliveryRole, checkSessionPrefix) } }],
      },
    },
  };
}

/** STS refused the delivery role to anybody but the check, which reports that itself. */
export function deniedRole(scope: IConstruct, deliveryRole: NamedRole, checkRole: NamedRole): EventPattern {
  const named = `* on resource: ${deliveryRole.roleArn}`;
  return {
    ...calledOf('sts'),
    detail: {
      eventSource: [serviceName('sts')],
      eventName: ['AssumeRole'],
      errorCode: refused,
      userIdentity: { arn: [{ 'anything-but': { prefix: sessionsOf(scope, checkRole, '') } }] },
      // A refused call may be recorded without its parameters. The role's name may be the beginning of another one's.
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
