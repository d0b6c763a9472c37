import type { ServiceOperation } from '../wire/operation.ts';
import { getPolicy } from './get-policy.ts';
import { getPolicyVersion } from './get-policy-version.ts';
import { getRole } from './get-role.ts';
import { getRolePolicy } from './get-role-policy.ts';
import { listAttachedRolePolicies } from './list-attached-role-policies.ts';
import { listRolePolicies } from './list-role-policies.ts';
import { simulatePrincipalPolicy } from './simulate-principal-policy.ts';

/** By the value of the parameter `Action`. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
  GetPolicy: getPolicy,
  GetPolicyVersion: getPolicyVersion,
  GetRole: getRole,
  GetRolePolicy: getRolePolicy,
  ListAttachedRolePolicies: listAttachedRolePolicies,
  ListRolePolicies: listRolePolicies,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
};
