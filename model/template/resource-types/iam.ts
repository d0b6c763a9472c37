import { arnOf } from '../../../core/arn.ts';
import { names } from '../../../core/vocabulary.ts';
import { digestOf } from '../names.ts';
import type { PhysicalResource, ResourceType } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html */
export const iamTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::Role': {
    relevance: 'understood',
    nameProperty: 'RoleName',
    attributes: { Arn: iamArn('role'), RoleId: (role) => roleIdOf(iamArn('role')(role)) },
    modeled: names('AssumeRolePolicyDocument ManagedPolicyArns Path PermissionsBoundary Policies RoleName'),
    // Tags are not simulated, so a condition on aws:PrincipalTag finds none.
    irrelevant: names('Description MaxSessionDuration Tags'),
  },
  'AWS::IAM::Policy': {
    relevance: 'understood',
    nameProperty: 'PolicyName',
    modeled: names('PolicyDocument PolicyName Roles'),
    irrelevant: names('Groups Users'),
  },
  'AWS::IAM::RolePolicy': {
    relevance: 'understood',
    nameProperty: 'PolicyName',
    modeled: names('PolicyDocument PolicyName RoleName'),
  },
  'AWS::IAM::ManagedPolicy': {
    relevance: 'understood',
    nameProperty: 'ManagedPolicyName',
    ref: iamArn('policy'),
    attributes: { PolicyArn: iamArn('policy') },
    modeled: names('ManagedPolicyName Path PolicyDocument Roles'),
    irrelevant: names('Description Groups Users'),
  },
  // Roles deliver, so permissions of users and groups have no effect.
  'AWS::IAM::AccessKey': { relevance: 'irrelevant' },
  'AWS::IAM::Group': { relevance: 'irrelevant', nameProperty: 'GroupName', attributes: { Arn: iamArn('group') } },
  'AWS::IAM::GroupPolicy': { relevance: 'irrelevant' },
  'AWS::IAM::InstanceProfile': {
    relevance: 'irrelevant',
    nameProperty: 'InstanceProfileName',
    attributes: { Arn: iamArn('instance-profile') },
  },
  'AWS::IAM::User': { relevance: 'irrelevant', nameProperty: 'UserName', attributes: { Arn: iamArn('user') } },
  'AWS::IAM::UserPolicy': { relevance: 'irrelevant' },
  'AWS::IAM::UserToGroupAddition': { relevance: 'irrelevant' },
};

/** The ARN of an identity, with its path: `arn:aws:iam::111111111111:role/PATH/NAME`. */
function iamArn(kind: string): (resource: PhysicalResource) => string {
  return (resource) =>
    arnOf({
      ...resource,
      service: 'iam',
      region: '',
      resource: `${kind}${resource.property('Path') ?? '/'}${resource.name}`,
    });
}

/**
 * A unique ID in IAM's format for a role, always the same for the same ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function roleIdOf(arn: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const digest = digestOf(arn).subarray(0, 17);
  return `AROA${Array.from(digest, (byte) => alphabet.charAt(byte % alphabet.length)).join('')}`;
}
