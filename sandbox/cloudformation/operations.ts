import type { ServiceOperation } from '../wire/operation.ts';
import { describeStacks } from './describe-stacks.ts';

/** By the operation's name in the API reference. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
  DescribeStacks: describeStacks,
};
