import { type Acknowledgment, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** For cdk-nag's rule on server access logs. https://github.com/cdklabs/cdk-nag/blob/main/RULES.md */
export const withoutServerAccessLogs: Acknowledgment = {
  id: 'AwsSolutions-S1',
  reason:
    'Access logs come late and incomplete, and need one more bucket. Whoever has to record each access turns on ' +
    "CloudTrail's data events for this bucket, which are complete and can be kept in another account.",
};

/**
 * Resources of a policy that are patterns on purpose, as cdk-nag's rule AwsSolutions-IAM5 names them: each by itself, so
 * that another one is found.
 *
 * @param reasons why a pattern has to be one, by resource as the policy has it
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

/** What is only known when it is deployed stands in angle brackets: `<Bucket.Arn>/*`. */
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
