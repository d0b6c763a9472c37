import { arnOf, partitionIn } from '../../core/arn.ts';
import type { Account, Policy } from '../../model/world/world.ts';

/** The types of policy that limit what principals and resources of a member may do. */
export const organizationPolicyTypes = {
  SERVICE_CONTROL_POLICY: {
    attached: ({ serviceControlPolicies }: Account) => serviceControlPolicies,
    everything: fullAccess('service_control_policy', 'FullAWSAccess', 'Allows access to every operation'),
  },
  RESOURCE_CONTROL_POLICY: {
    attached: ({ resourceControlPolicies }: Account) => resourceControlPolicies,
    everything: fullAccess('resource_control_policy', 'RCPFullAWSAccess', 'Allows access to every resource'),
  },
} as const;
export type PolicyType = keyof typeof organizationPolicyTypes;
export const policyTypeNames = Object.keys(organizationPolicyTypes) as readonly PolicyType[];

export function isPolicyType(text: string | undefined): text is PolicyType {
  return text !== undefined && Object.hasOwn(organizationPolicyTypes, text);
}

interface OrganizationPolicy extends Policy {
  readonly arn: string;
  readonly description: string;
}

/**
 * The policy of AWS's that is attached to everything unless somebody takes it off.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
function fullAccess(type: string, name: string, description: string) {
  return (partition: string): OrganizationPolicy => ({
    name,
    arn: arnOf({ partition, service: 'organizations', accountId: 'aws', resource: `policy/${type}/p-${name}` }),
    description,
    document: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', ...(type === 'resource_control_policy' && { Principal: '*' }), Action: '*', Resource: '*' },
      ],
    },
  });
}

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html */
export function summary(type: PolicyType, policy: Policy): Readonly<Record<string, unknown>> {
  const everything = organizationPolicyTypes[type].everything(partitionIn(policy.arn));
  return {
    Id: policyId(policy),
    Arn: policy.arn,
    Name: policy.name,
    Description: policy.arn === everything.arn ? everything.description : '',
    Type: type,
    AwsManaged: policy.arn === everything.arn,
  };
}

/** `arn:…:policy/o-service/service_control_policy/p-00000001` is the policy `p-00000001`. */
export function policyId({ arn = '' }: Policy): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
