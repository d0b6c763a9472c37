import type { MapNode } from '../../template/node.ts';
import {
  expectKeys,
  expectMap,
  expectNumber,
  expectString,
  optional,
  requiredEntry,
} from '../../template/read-value.ts';
import { refuse } from '../../template/template-error.ts';
import type { StackResources } from './stack-resources.ts';

export interface StackFunction {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export function readFunctions(stack: StackResources): readonly StackFunction[] {
  return stack.attempt(stack.ofType('AWS::Lambda::Function'), (resource) => {
    const { name, logicalId, properties } = resource;
    const role = requiredEntry(properties, 'Role');
    const roleArn = expectString(role);
    if (!roleArn.startsWith('arn:'))
      refuse(role.origin, `Role must be the ARN of a role (Fn::GetAtt … .Arn), not "${roleArn}".`);
    return {
      name,
      arn: resource.attribute('Arn'),
      logicalId,
      roleArn,
      environment: optional(properties, 'Environment', (node) => environmentOf(expectMap(node))) ?? {},
      memoryMb: optional(properties, 'MemorySize', expectNumber) ?? 128,
      timeoutSeconds: optional(properties, 'Timeout', expectNumber) ?? 3,
    };
  });
}

function environmentOf(environment: MapNode): Readonly<Record<string, string>> {
  expectKeys(environment, ['Variables']);
  const variables = optional(environment, 'Variables', expectMap);
  return Object.fromEntries([...(variables?.entries ?? [])].map(([name, { value }]) => [name, expectString(value)]));
}
