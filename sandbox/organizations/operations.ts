import type { ServiceOperation } from '../wire/operation.ts';
import { describeOrganization } from './describe-organization.ts';
import { describePolicy } from './describe-policy.ts';
import { listParents } from './list-parents.ts';
import { listPoliciesForTarget } from './list-policies-for-target.ts';

/** By the operation's name in `X-Amz-Target: AWSOrganizationsV20161128.…`. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
  DescribeOrganization: describeOrganization,
  DescribePolicy: describePolicy,
  ListParents: listParents,
  ListPoliciesForTarget: listPoliciesForTarget,
};
