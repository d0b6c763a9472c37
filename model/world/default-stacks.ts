import { keyIdIn, parseArn } from '../../core/arn.ts';
import { wholeNames } from '../../core/texts.ts';
import { keptIn } from '../../core/values.ts';
import { generatedNames } from '../template/names.ts';
import type { MapEntry, MapNode } from '../template/node.ts';
import { entry, expectMap, optional, textOf } from '../template/read-value.ts';
import type { DeploymentOptions } from '../template/resolve-template.ts';
import { keyTypes } from '../template/resource-types/resource-type.ts';
import { type AccountNames, defaults } from './default-names.ts';
import { deployedStack, type Stack } from './from-templates.ts';
import { type InboxNames, inboxIn, inboxKeyIn } from './main-resources.ts';
import type { WorldNames } from './world-names.ts';

/** How a template is deployed. */
export interface StackOptions extends DeploymentOptions {
  readonly template: MapNode;
}

/** Account A, as the CDK app synthesizes it. */
export function loadServiceStack(
  template: MapNode,
  { accountId, region }: AccountNames,
  names: WorldNames = {},
): Stack {
  const { deliveryRoleArn, internalBucket, serviceKeyArn } = names;
  const keyId = serviceKeyArn === undefined ? defaults.serviceKeyId : keyIdIn(serviceKeyArn);
  const stackName = defaults.serviceStackName;
  const generated = generatedNames(stackName);
  const stack = loadOnce(template, [accountId, region, keyId], () =>
    deployedStack(template, {
      accountId,
      region,
      stackName,
      // Account A also has keys that no delivery uses, such as the one for notifications.
      names: { keyId: (id) => (id.startsWith('InternalStorage') ? keyId : generated.keyId(id)) },
    }),
  );
  const { DeliveryRoleArn: role, InternalBucketName: bucket, ServiceKeyArn: key } = stack.outputs;
  return renamedStack(stack, pairs([role, deliveryRoleArn], [bucket, internalBucket], [key, serviceKeyArn]));
}

export interface CustomerStackInput {
  readonly template: MapNode;
  readonly customer: AccountNames;
  readonly service: AccountNames;
  readonly serviceStack: Stack;
  /** The scenario's values, which take precedence over the service's. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly names?: WorldNames;
  /** Values that the customer's own template leaves open. @default every value is known */
  readonly open?: OpenDeployment;
}

/** The deployment of a template that leaves values open. */
export interface OpenDeployment {
  /** Assumed values, keyed by the unknown value. */
  readonly supposed: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly stackName?: string | undefined;
}

/** Account B, as a customer of this service deploys it. */
export function loadCustomerStack(input: CustomerStackInput): Stack {
  const options = customerStackOptions(input);
  const { template, accountId, region, parameters } = options;
  const { inboxBucket, inboxKeyArn } = input.names ?? {};
  const given = [accountId, region, parameters, inboxBucket, inboxKeyArn, input.open];
  const stack = loadOnce(template, given, () => deployedStack(template, options));
  const keyId = inboxKeyIdIn(input.names);
  const key = stack.keys.find((one) => one.keyId === keyId);
  // The key may be in any account, but a template creates it in the one that it is deployed to.
  return renamedStack(stack, pairs([key?.arn, inboxKeyArn]));
}

function inboxKeyIdIn({ inboxKeyArn }: WorldNames = {}): string {
  return inboxKeyArn === undefined ? defaults.customerKeyId : keyIdIn(inboxKeyArn);
}

/** How a customer's template is deployed: the values that replace its defaults. */
export function customerStackOptions({
  template,
  customer,
  service,
  serviceStack,
  parameters,
  names = {},
  open,
}: CustomerStackInput): StackOptions {
  const { accountId, region } = customer;
  // S3 only uses keys in the bucket's own Region: from another Region, the customer's key can't encrypt staged reports.
  const waitsUnderServiceKey = region !== service.region || names.serviceKeyArn !== undefined;
  const given: Readonly<Record<string, string | undefined>> = {
    CustomerName: names.customer ?? defaults.customer,
    DeliveryRoleArn: serviceStack.outputs['DeliveryRoleArn'],
    SenderInternalBucketName: serviceStack.outputs['InternalBucketName'],
    BucketName: names.inboxBucket,
    Prefix: names.prefix ?? defaults.prefix,
    SenderKeyArn: waitsUnderServiceKey ? serviceStack.outputs['ServiceKeyArn'] : undefined,
  };
  const declared = new Set(optional(template, 'Parameters', expectMap)?.entries.keys());
  const offered = Object.entries(given).flatMap(([name, value]) =>
    value !== undefined && declared.has(name) ? [[name, value] as const] : [],
  );
  const options: StackOptions = {
    template,
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

/** The generated ID of the inbox's key if a template creates several; undefined if there is only one. */
function inboxKeyAmongSeveral(options: StackOptions, names: InboxNames): string | undefined {
  const { template, accountId, region, parameters, supposed } = options;
  if (keysDeclaredIn(template) < 2) return undefined;
  const stack = loadOnce(template, [accountId, region, parameters, 'generated', supposed], () =>
    deployedStack(template, options),
  );
  const inbox = inboxIn(stack, names);
  // If unclear, each key keeps its own name, so that the user can choose.
  return stack.keys.length < 2 ? undefined : ((inbox && inboxKeyIn(stack, inbox, names)?.keyId) ?? '');
}

function keysDeclaredIn(template: MapNode): number {
  const resources = optional(template, 'Resources', expectMap)?.entries ?? new Map<string, MapEntry>();
  return [...resources.values()].filter(({ value }) => keyTypes.includes(textOf(entry(value, 'Type')) ?? '')).length;
}

function pairs(
  ...names: readonly (readonly [from: string | undefined, to: string | undefined])[]
): ReadonlyMap<string, string> {
  return new Map(names.flatMap(([from, to]) => (from !== undefined && to !== undefined ? [[from, to] as const] : [])));
}

const loaded = new WeakMap<MapNode, Map<string, Stack>>();

/**
 * Deploying a template takes longer than everything else in loading a scenario, and most scenarios share a template.
 *
 * @param given everything else that the stack depends on
 */
function loadOnce(template: MapNode, given: readonly unknown[], load: () => Stack): Stack {
  const ofTemplate = keptIn(loaded, template, () => new Map<string, Stack>());
  return keptIn(ofTemplate, JSON.stringify(given), load);
}

/**
 * A stack with other names, as in a deployment that chose different ones.
 *
 * @param names from the stack's values to the new ones: ARNs of a role or key, and names of buckets
 */
export function renamedStack(stack: Stack, names: ReadonlyMap<string, string>): Stack {
  const changed = [...names].filter(([from, to]) => from !== to);
  if (changed.length === 0) return stack;
  const renamed = withNames(stack, changed) as Stack;
  return {
    ...renamed,
    roles: renamed.roles.map((role) => {
      const arn = parseArn(role.arn);
      if (!arn || !isNew(role.arn, changed)) return role;
      return { ...role, accountId: arn.accountId, name: role.arn.slice(role.arn.lastIndexOf('/') + 1) };
    }),
    keys: renamed.keys.map((key) => {
      const arn = parseArn(key.arn);
      if (!arn || !isNew(key.arn, changed)) return key;
      return { ...key, accountId: arn.accountId, region: arn.region };
    }),
  };
}

type Change = readonly [from: string, to: string];

function isNew(arn: string, changes: readonly Change[]): boolean {
  return changes.some(([, to]) => to === arn);
}

/** Replaces names in every text, because policies, the function's environment and outputs contain them too. */
function withNames(value: unknown, changes: readonly Change[]): unknown {
  if (typeof value === 'string') return changes.reduce((text, change) => replaced(text, change), value);
  if (Array.isArray(value)) return value.map((item) => withNames(item, changes));
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  // The positions in the template stay the same.
  const entries = Object.entries(value).map(([key, item]) => [key, key === 'origin' ? item : withNames(item, changes)]);
  return Object.fromEntries(entries);
}

/** Doesn't replace part of a longer name, which is a different name. */
function replaced(text: string, [from, to]: Change): string {
  if (!text.includes(from)) return text;
  return text.replace(wholeNames([from]), () => to);
}
