import type { ServiceOperation } from '../wire/operation.ts';
import { assumeRole } from './assume-role.ts';
import { getCallerIdentity } from './get-caller-identity.ts';

/** By the value of the parameter `Action`. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};
