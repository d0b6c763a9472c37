import { awsManagedPolicyIn } from '../../../core/arn.ts';
import { ownEntry } from '../../../core/values.ts';
import type { TemplateNode } from '../../template/node.ts';
import { expectKeys, expectList, expectMap, expectString, optional, requiredEntry } from '../../template/read-value.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';
import { roleIdOf } from '../../template/resource-types/iam.ts';
import { refuse } from '../../template/template-error.ts';
import type { Policy, PolicyDocument, Role } from '../world.ts';
import { readPolicyDocument } from './policy-document.ts';
import type { StackResources } from './stack-resources.ts';

/** The roles of a stack with everything attached to them, in the template's order. */
export function readRoles(stack: StackResources): readonly Role[] {
  const managed = new Map(
    stack.attempt(stack.ofType('AWS::IAM::ManagedPolicy'), (resource) => {
      const arn = resource.attribute('PolicyArn');
      return [arn, { ...policyOf(resource), arn }] as const;
    }),
  );
  const declared = stack.ofType('AWS::IAM::Role');
  const attached = attachedPolicies(stack, new Set(declared.map(({ name }) => name)), managed);
  return stack.attempt(declared, (resource) => {
    const { properties, name } = resource;
    const arn = resource.attribute('Arn');
    const boundary = optional(properties, 'PermissionsBoundary', (node) => managedPolicy(node, managed));
    return {
      arn,
      accountId: stack.accountId,
      name,
      roleId: roleIdOf(arn),
      trustPolicy: readPolicyDocument(requiredEntry(properties, 'AssumeRolePolicyDocument'), 'resource'),
      policies: [
        ...(optional(properties, 'Policies', expectList)?.items ?? []).map(inlinePolicy),
        ...(optional(properties, 'ManagedPolicyArns', expectList)?.items ?? []).map((node) =>
          managedPolicy(node, managed),
        ),
        ...(attached.get(name) ?? []),
      ],
      ...(boundary && { permissionsBoundary: boundary }),
    };
  });
}

/** Keyed by the name of the role that another resource attaches them to. */
function attachedPolicies(
  stack: StackResources,
  roleNames: ReadonlySet<string>,
  managed: ReadonlyMap<string, Policy>,
): ReadonlyMap<string, readonly Policy[]> {
  const policies = new Map<string, Policy[]>();
  const attach = (node: TemplateNode, policy: Policy): void => {
    const role = expectString(node);
    if (!roleNames.has(role)) {
      refuse(
        node.origin,
        `no role of this template is named "${role}"; its roles: ${[...roleNames].join(', ') || 'none'}.`,
      );
    }
    policies.set(role, [...(policies.get(role) ?? []), policy]);
  };
  const roles = ({ properties }: ResolvedResource) => optional(properties, 'Roles', expectList)?.items ?? [];

  stack.attempt(stack.ofType('AWS::IAM::Policy'), (resource) => {
    const policy = policyOf(resource);
    for (const role of roles(resource)) attach(role, policy);
  });
  stack.attempt(stack.ofType('AWS::IAM::RolePolicy'), (resource) => {
    attach(requiredEntry(resource.properties, 'RoleName'), policyOf(resource));
  });
  stack.attempt(stack.ofType('AWS::IAM::ManagedPolicy'), (resource) => {
    const policy = managed.get(resource.attribute('PolicyArn'));
    if (policy !== undefined) for (const role of roles(resource)) attach(role, policy);
  });
  return policies;
}

function policyOf({ name, properties }: ResolvedResource): Policy {
  return { name, document: readPolicyDocument(requiredEntry(properties, 'PolicyDocument'), 'identity') };
}

function inlinePolicy(node: TemplateNode): Policy {
  const policy = expectMap(node);
  expectKeys(policy, ['PolicyName', 'PolicyDocument']);
  return {
    name: expectString(requiredEntry(policy, 'PolicyName')),
    document: readPolicyDocument(requiredEntry(policy, 'PolicyDocument'), 'identity'),
  };
}

function managedPolicy(node: TemplateNode, managed: ReadonlyMap<string, Policy>): Policy {
  const arn = expectString(node);
  const ofStack = managed.get(arn);
  if (ofStack !== undefined) return ofStack;
  const awsName = awsManagedPolicyIn(arn);
  const document = awsName === undefined ? undefined : ownEntry(awsManagedPolicies, awsName);
  if (awsName === undefined || document === undefined) {
    refuse(
      node.origin,
      `what the managed policy "${arn}" allows is not known; known: those of this template, and of AWS ${Object.keys(awsManagedPolicies).join(', ')}.`,
    );
  }
  return { name: awsName.replace(/^.*\//, ''), arn, document };
}

const allow = (actions: readonly string[], resource = '*'): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }],
});

/**
 * The AWS managed policies whose documents are included here, keyed by the part of their ARN after `policy/`.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const awsManagedPolicies: Readonly<Record<string, PolicyDocument>> = {
  AdministratorAccess: allow(['*']),
  AmazonS3FullAccess: allow(['s3:*', 's3-object-lambda:*']),
  AWSXRayDaemonWriteAccess: allow([
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ]),
  'service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
};
