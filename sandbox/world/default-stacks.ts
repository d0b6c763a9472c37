import { statSync } from 'node:fs';
import path from 'node:path';
import { readTemplate } from '../template/read-template.ts';
import { expectMap, optional } from '../template/read-value.ts';
import { type AccountNames, defaults } from './default-names.ts';
import { loadStack, type Stack } from './from-templates.ts';

export const customerTemplate = path.join(import.meta.dirname, '../../cloudformation/secure-inbox.yaml');

/** Account A, as the CDK app yields it. */
export function loadServiceStack(file: string, { accountId, region }: AccountNames): Stack {
  return loadOnce([file, accountId, region], () =>
    loadStack({
      file,
      accountId,
      region,
      stackName: 'SecureInboxConfigurationCheck',
      names: { keyId: () => defaults.serviceKeyId },
    }),
  );
}

export interface CustomerStackInput {
  readonly file: string;
  readonly customer: AccountNames;
  readonly service: AccountNames;
  readonly serviceStack: Stack;
  /** What the scenario sets; wins over what the service would give its customer. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Account B, as a customer of this service would deploy it. */
export function loadCustomerStack({ file, customer, service, serviceStack, parameters }: CustomerStackInput): Stack {
  const { accountId, region } = customer;
  const given: Readonly<Record<string, string | undefined>> = {
    CustomerName: defaults.customer,
    DeliveryRoleArn: serviceStack.outputs['DeliveryRoleArn'],
    SenderInternalBucketName: serviceStack.outputs['InternalBucketName'],
    Prefix: defaults.prefix,
    // S3 uses keys of the bucket's own Region only: from another Region, the customer's can't encrypt what waits.
    SenderKeyArn: region === service.region ? undefined : serviceStack.outputs['ServiceKeyArn'],
  };
  return loadOnce([file, accountId, region, given, parameters], () => {
    const declared = optional(readTemplate(file), 'Parameters', expectMap)?.entries;
    const offered = Object.entries(given).flatMap(([name, value]) =>
      value !== undefined && declared?.has(name) ? [[name, value] as const] : [],
    );
    return loadStack({
      file,
      accountId,
      region,
      stackName: 'SecureInbox',
      names: { keyId: () => defaults.customerKeyId },
      parameters: { ...Object.fromEntries(offered), ...parameters },
    });
  });
}

const loaded = new Map<string, Stack>();

/**
 * Reading a template takes longer than all else that loading a scenario does, and most scenarios share theirs.
 *
 * @param from the file, and whatever else the stack depends on; a file that has changed since is read again
 */
function loadOnce(from: readonly [file: string, ...unknown[]], load: () => Stack): Stack {
  const key = JSON.stringify([...from, statSync(from[0], { throwIfNoEntry: false })?.mtimeMs]);
  const stack = loaded.get(key) ?? load();
  loaded.set(key, stack);
  return stack;
}
