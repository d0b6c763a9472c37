import { type Acknowledgment, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** For cdk-nag's rule on server access logs. https://github.com/cdklabs/cdk-nag/blob/main/RULES.md */
export const withoutServerAccessLogs: Acknowledgment = {
  id: 'AwsSolutions-S1',
  reason:
    'Access logs are late, incomplete and need another bucket. To record each access, turn on CloudTrail data events ' +
    'for this bucket, which are complete and can be stored in another account.',
};

/**
 * Intentional wildcards in a policy's resources, as cdk-nag's rule AwsSolutions-IAM5 names them: each one separately, so
 * that the rule finds new ones.
 *
 * @param reasons why it is a wildcard, by resource as in the policy
 * @see https://github.com/cdklabs/cdk-nag#acknowledging-a-rule
 */
export function reviewedWildcards(
  scope: IConstruct,
  reasons: readonly (readonly [resource: string, reason: string])[],
): Acknowledgment[] {
  return reasons.map(([resource, reason]) => ({
    id: `AwsSolutions-IAM5[Resource::${spelled(Stack.of(scope).resolve(resource))}]`,
    reason,
  }));
}

/** Values that are only known at deployment are in angle brackets: `<Bucket.Arn>/*`. */
function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as CloudFormationFunction;
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  const [separator, parts] = join ?? ['', []];
  return parts.map(spelled).join(separator);
}

interface CloudFormationFunction {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::Join'?: readonly [separator: string, parts: readonly unknown[]];
}
