import { createHash } from 'node:crypto';
import { arnOf, partitionOf } from '../../core/arn.ts';
import type { DeployedStack, World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, type SandboxResponse, type ServiceOperation } from '../wire/operation.ts';
import { refusedByOwnAccount } from '../wire/own-account.ts';
import { QueryInput, queryResponse } from '../wire/query.ts';

/** Keyed by the operation's name in the API reference. */
export const cloudformationOperations: Readonly<Record<string, ServiceOperation>> = {
  DescribeStacks: describeStacks,
};

/**
 * Returns the caller's stack with the given name or ID in this Region. Without either it returns all of them, which
 * also needs cloudformation:ListStacks.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
function describeStacks(world: World, request: SandboxRequest): SandboxResponse {
  const { caller, region } = request;
  const named = QueryInput.of(request).string('StackName');
  const own = (world.stacks ?? []).filter((stack) => stack.accountId === caller.accountId && stack.region === region);
  const found = named === undefined ? own : own.filter((stack) => named === stack.name || named === stackId(stack));
  const arnOf = (name: string) => stackId({ name, accountId: caller.accountId, region });
  if (named === undefined) authorizeStacks(world, request, 'ListStacks', '*', arnOf('*'));
  for (const name of named === undefined ? own.map((stack) => stack.name) : [nameIn(named)]) {
    authorizeStacks(world, request, 'DescribeStacks', arnOf(name));
  }
  if (named !== undefined && found.length === 0) {
    throw new AwsError('ValidationError', 400, `Stack with id ${named} does not exist`);
  }
  return queryResponse('cloudformation', 'DescribeStacks', request, {
    Stacks: found.map((stack) => ({
      StackId: stackId(stack),
      StackName: stack.name,
      StackStatus: 'CREATE_COMPLETE',
      DisableRollback: false,
      Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    })),
  });
}

/** `arn:aws:cloudformation:us-east-1:222222222222:stack/NAME/ID`, or the name alone. */
function nameIn(named: string): string {
  return named.startsWith('arn:') ? (named.split('/')[1] ?? '') : named;
}

/**
 * A refusal shows the stack's ID as a star, whether the stack exists or not.
 *
 * @param stack the resource that a refusal names, if it differs from the one that the policies are evaluated for
 */
function authorizeStacks(
  world: World,
  request: SandboxRequest,
  action: string,
  resource: string,
  stack = resource,
): void {
  const refusal = refusedByOwnAccount(world, request, `cloudformation:${action}`, resource);
  if (refusal === undefined) return;
  const shown = stack.replace(/[^/]+$/, '*');
  throw new AwsError('AccessDenied', 403, refusal.replace(`on resource: ${resource}`, `on resource: ${shown}`));
}

/** The same for the same stack every time, in CloudFormation's format. */
function stackId({ name, accountId, region }: Omit<DeployedStack, 'outputs'>): string {
  const arn = arnOf({
    partition: partitionOf(region),
    service: 'cloudformation',
    region,
    accountId,
    resource: `stack/${name}`,
  });
  const digits = createHash('sha256').update(arn).digest('hex');
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20)];
  return `${arn}/${[...parts, digits.slice(20, 32)].join('-')}`;
}
