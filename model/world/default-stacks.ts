import { statSync } from 'node:fs';
import path from 'node:path';
import { keyIdIn } from '../../core/arn.ts';
import { generatedNames } from '../template/names.ts';
import type { MapEntry } from '../template/node.ts';
import { readTemplate } from '../template/read-template.ts';
import { expectMap, optional } from '../template/read-value.ts';
import { type AccountNames, defaults } from './default-names.ts';
import { loadStack, type Stack, type StackOptions } from './from-templates.ts';
import { type InboxNames, inboxIn, inboxKeyIn } from './inbox-in.ts';
import { renamedStack } from './renamed-stack.ts';
import type { WorldNames } from './world-names.ts';

export const customerTemplate = path.join(import.meta.dirname, '../../cloudformation/secure-inbox.yaml');

/** What the CDK app yields for Account A. */
export interface ServiceTemplate {
  /** The CloudFormation template of the stack, as JSON. */
  readonly templateFile: string;
}

/** Account A, as the CDK app yields it. */
export function loadServiceStack(file: string, { accountId, region }: AccountNames, names: WorldNames = {}): Stack {
  const { deliveryRoleArn, internalBucket, serviceKeyArn } = names;
  const keyId = serviceKeyArn === undefined ? defaults.serviceKeyId : keyIdIn(serviceKeyArn);
  const stackName = defaults.serviceStackName;
  const generated = generatedNames(stackName);
  const stack = loadOnce([file, accountId, region, keyId], () =>
    loadStack({
      file,
      accountId,
      region,
      stackName,
      // Account A has keys that no delivery meets, such as that of the topic for notifications.
      names: { keyId: (id) => (id.startsWith('InternalStorage') ? keyId : generated.keyId(id)) },
    }),
  );
  const { DeliveryRoleArn: role, InternalBucketName: bucket, ServiceKeyArn: key } = stack.outputs;
  return renamedStack(stack, pairs([role, deliveryRoleArn], [bucket, internalBucket], [key, serviceKeyArn]));
}

export interface CustomerStackInput {
  readonly file: string;
  readonly customer: AccountNames;
  readonly service: AccountNames;
  readonly serviceStack: Stack;
  /** What the scenario sets; wins over what the service would give its customer. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly names?: WorldNames;
  /** Of a template of the customer's own, which may leave values open. @default every value is known */
  readonly open?: OpenDeployment;
}

/** How a template is deployed that does not say everything by itself. */
export interface OpenDeployment {
  /** Values by the keys of what is not known. */
  readonly supposed: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly stackName?: string | undefined;
}

/** Account B, as a customer of this service would deploy it. */
export function loadCustomerStack(input: CustomerStackInput): Stack {
  const options = customerStackOptions(input);
  const { file, accountId, region, parameters } = options;
  const { inboxBucket, inboxKeyArn } = input.names ?? {};
  const from = [file, accountId, region, parameters, inboxBucket, inboxKeyArn, input.open] as const;
  const stack = loadOnce(from, () => loadStack(options));
  const keyId = inboxKeyIdIn(input.names);
  const key = stack.keys.find((one) => one.keyId === keyId);
  // The key may belong to any account; a template makes it in the one that it is deployed to.
  return renamedStack(stack, pairs([key?.arn, inboxKeyArn]));
}

function inboxKeyIdIn({ inboxKeyArn }: WorldNames = {}): string {
  return inboxKeyArn === undefined ? defaults.customerKeyId : keyIdIn(inboxKeyArn);
}

/** How a customer's template is deployed: what it is given beside its own defaults. */
export function customerStackOptions({
  file,
  customer,
  service,
  serviceStack,
  parameters,
  names = {},
  open,
}: CustomerStackInput): StackOptions {
  const { accountId, region } = customer;
  // S3 uses keys of the bucket's own Region only: from another Region, the customer's can't encrypt what waits.
  const waitsUnderServiceKey = region !== service.region || names.serviceKeyArn !== undefined;
  const given: Readonly<Record<string, string | undefined>> = {
    CustomerName: names.customer ?? defaults.customer,
    DeliveryRoleArn: serviceStack.outputs['DeliveryRoleArn'],
    SenderInternalBucketName: serviceStack.outputs['InternalBucketName'],
    BucketName: names.inboxBucket,
    Prefix: names.prefix ?? defaults.prefix,
    SenderKeyArn: waitsUnderServiceKey ? serviceStack.outputs['ServiceKeyArn'] : undefined,
  };
  const declared = declaredParameters(file);
  const offered = Object.entries(given).flatMap(([name, value]) =>
    value !== undefined && declared.has(name) ? [[name, value] as const] : [],
  );
  const options: StackOptions = {
    file,
    accountId,
    region,
    stackName: open ? (open.stackName ?? '') : defaults.customerStackName,
    ...(open && { supposed: open.supposed, imports: open.imports }),
    parameters: { ...Object.fromEntries(offered), ...parameters },
  };
  const generated = generatedNames(options.stackName);
  const other = inboxKeyAmongSeveral(options, { serviceAccountId: service.accountId, inboxBucket: names.inboxBucket });
  const keyId = inboxKeyIdIn(names);
  return {
    ...options,
    names: { keyId: (id) => (other === undefined || generated.keyId(id) === other ? keyId : generated.keyId(id)) },
  };
}

/** The generated id of the inbox's key, where a template makes several; undefined where there is but one. */
function inboxKeyAmongSeveral(options: StackOptions, names: InboxNames): string | undefined {
  if (keysDeclaredIn(options.file) < 2) return undefined;
  const { file, accountId, region, parameters } = options;
  const stack = loadOnce([file, accountId, region, parameters, 'generated', options.supposed], () =>
    loadStack(options),
  );
  const inbox = inboxIn(stack, names);
  // Where it can't be told, each keeps a name of its own, so that it can be said between which.
  return stack.keys.length < 2 ? undefined : ((inbox && inboxKeyIn(stack, inbox, names)?.keyId) ?? '');
}

const keyTypes = new Set(['AWS::KMS::Key', 'AWS::KMS::ReplicaKey']);

function keysDeclaredIn(file: string): number {
  const resources = optional(readTemplate(file), 'Resources', expectMap)?.entries ?? new Map<string, MapEntry>();
  const types = [...resources.values()].map(({ value }) => value.kind === 'map' && value.entries.get('Type')?.value);
  return types.filter((type) => type && type.kind === 'scalar' && keyTypes.has(String(type.value))).length;
}

const declaredIn = new Map<string, ReadonlySet<string>>();

function declaredParameters(file: string): ReadonlySet<string> {
  const key = JSON.stringify([file, modifiedAt(file)]);
  const known = declaredIn.get(key) ?? new Set(optional(readTemplate(file), 'Parameters', expectMap)?.entries.keys());
  declaredIn.set(key, known);
  return known;
}

function pairs(
  ...names: readonly (readonly [from: string | undefined, to: string | undefined])[]
): ReadonlyMap<string, string> {
  return new Map(names.flatMap(([from, to]) => (from !== undefined && to !== undefined ? [[from, to] as const] : [])));
}

const loaded = new Map<string, Stack>();

/**
 * Reading a template takes longer than all else that loading a scenario does, and most scenarios share theirs.
 *
 * @param from the file, and whatever else the stack depends on; a file that has changed since is read again
 */
function loadOnce(from: readonly [file: string, ...unknown[]], load: () => Stack): Stack {
  const key = JSON.stringify([...from, modifiedAt(from[0])]);
  const stack = loaded.get(key) ?? load();
  loaded.set(key, stack);
  return stack;
}

function modifiedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
