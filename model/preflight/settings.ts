import { keyIdIn, parseArn } from '../../core/arn.ts';
import { isObject, type Json, listAt, objectAt, valueAt } from '../../core/json.ts';
import { InputError } from '../text/input-error.ts';
import { isKeySpec } from '../world/key-spec.ts';
import { keyStates, objectOwnerships, sseAlgorithms } from '../world/world.ts';

/** A setting of the customer's bucket or key, from an answer of the AWS CLI. */
export interface GivenSetting {
  readonly file: string;
  readonly title: string;
  readonly part: string;
  readonly value: unknown;
  /** The key that it belongs to; absent for a bucket, whose name no answer contains. */
  readonly keyArn?: string;
  /** Why it can't be evaluated, if it belongs to this delivery's key. */
  readonly problem?: string;
}

type Setting = Omit<GivenSetting, 'file'>;

function ofBucket(what: string, part: string, value: unknown): Setting {
  return { title: `${what} of the Secure Inbox's bucket`, part: `customer.inbox.${part}`, value };
}

/** An answer without a policy: the bucket has none. */
export const noBucketPolicy = ofBucket('no policy (NoSuchBucketPolicy)', 'bucketPolicy', null);

/** As the AWS CLI, the SDKs and S3 itself say it, if the text contains nothing that could be a policy. */
export function saysNoBucketPolicy(text: string): boolean {
  return (
    text.length < 5_000 &&
    /\(NoSuchBucketPolicy\) when calling the GetBucketPolicy|<Code>NoSuchBucketPolicy<|"Code":\s*"NoSuchBucketPolicy"/.test(
      text,
    ) &&
    !/\bStatement\b/i.test(text)
  );
}

/** Keyed by a field that only this answer has. */
const readers: readonly (readonly [holds: string, read: (answer: Json) => readonly Setting[]])[] = [
  ['PublicAccessBlockConfiguration', blockPublicAccess],
  ['ServerSideEncryptionConfiguration', defaultEncryption],
  ['OwnershipControls', objectOwnership],
  ['LocationConstraint', bucketRegion],
  ['KeyMetadata', keyMetadata],
  ['Grants', keyGrants],
  ['Parameters', stackParameters],
  ['Stacks', deployedStack],
  // `--query` reduces two of them to this.
  ['RestrictPublicBuckets', (answer) => blockPublicAccess({ PublicAccessBlockConfiguration: answer })],
  ['KeyState', (answer) => keyMetadata({ KeyMetadata: answer })],
];

/**
 * The settings in an answer; empty if it is not such an answer.
 *
 * @throws InputError for a value whose meaning is not supported, such as an unknown constraint of a grant
 */
export function settingsIn(value: unknown, file: string): readonly GivenSetting[] {
  if (Array.isArray(value)) return value.length > 0 ? settingsIn({ Parameters: value as unknown[] }, file) : [];
  if (!isObject(value)) return [];
  const [, read] = readers.find(([holds]) => Object.hasOwn(value, holds)) ?? [];
  const settings = (read?.(value) ?? []).map((setting) => ({ file, ...setting }));
  for (const { title, part, value: given } of settings) {
    const problem = problemsOf[part]?.(given);
    if (problem !== undefined) throw new InputError(`${file}: ${title}: ${problem}.`);
  }
  return settings;
}

/** The faults of a value, by the scenario part that it is for. */
const problemsOf: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  'customer.inbox.blockPublicAccess': (value) => {
    if (!isObject(value)) return notAllowed('PublicAccessBlockConfiguration', value, 'an object');
    const wrong = Object.entries(value).find(([, one]) => typeof one !== 'boolean');
    return wrong && notAllowed(...wrong, 'true or false');
  },
  'customer.inbox.defaultEncryption': (value) => oneOf('SSEAlgorithm', (value as Json)['sseAlgorithm'], sseAlgorithms),
  'customer.inbox.objectOwnership': (value) => oneOf('ObjectOwnership', value, objectOwnerships),
  'customer.key.spec': (value) =>
    isKeySpec(String(value)) ? undefined : notAllowed('KeySpec', value, 'a key spec such as SYMMETRIC_DEFAULT'),
  'customer.key.grants': (value) => {
    const all = (value as readonly Json[]).map(({ constraints = {} }) => constraints);
    const wrong = all.find((one) => !isObject(one) || !Object.entries(one).every(isConstraint));
    return wrong === undefined
      ? undefined
      : notAllowed('Constraints', wrong, `${grantConstraints.join(', ')}, with texts`);
  },
};

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html */
const grantConstraints = ['EncryptionContextEquals', 'EncryptionContextSubset'];

function isConstraint([name, pairs]: readonly [string, unknown]): boolean {
  return grantConstraints.includes(name) && isObject(pairs) && Object.values(pairs).every(isText);
}

function oneOf(field: string, value: unknown, all: readonly string[]): string | undefined {
  return isText(value) && all.includes(value) ? undefined : notAllowed(field, value, all.join(', '));
}

function notAllowed(field: string, value: unknown, allowed: string): string {
  return `${field} is ${JSON.stringify(value)}. Allowed: ${allowed}`;
}

function bucketRegion({ LocationConstraint: region }: Json): readonly Setting[] {
  if (region !== null && !isText(region)) return [];
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
  const value = region === null || region === '' ? 'us-east-1' : region === 'EU' ? 'eu-west-1' : region;
  return [ofBucket('Region', 'region', value)];
}

function blockPublicAccess({ PublicAccessBlockConfiguration: value }: Json): readonly Setting[] {
  return [ofBucket('Block Public Access', 'blockPublicAccess', value)];
}

function defaultEncryption({ ServerSideEncryptionConfiguration: found }: Json): readonly Setting[] {
  const [rule] = listAt(found, 'Rules');
  const byDefault = objectAt(rule, 'ApplyServerSideEncryptionByDefault') ?? {};
  const { SSEAlgorithm: sseAlgorithm, KMSMasterKeyID: key } = byDefault;
  if (sseAlgorithm === undefined) return [];
  const value = {
    sseAlgorithm,
    ...(typeof key === 'string' && parseArn(key) && { kmsKeyArn: key }),
    bucketKeyEnabled: isObject(rule) && rule['BucketKeyEnabled'] === true,
  };
  return [ofBucket('default encryption', 'defaultEncryption', value)];
}

function objectOwnership({ OwnershipControls: controls }: Json): readonly Setting[] {
  const value = valueAt(controls, ['Rules', 0, 'ObjectOwnership']);
  return value === undefined ? [] : [ofBucket('Object Ownership', 'objectOwnership', value)];
}

function keyMetadata({ KeyMetadata: metadata }: Json): readonly Setting[] {
  const {
    Arn: keyArn,
    KeyState: state,
    KeySpec,
    CustomerMasterKeySpec: spec = KeySpec,
    KeyManager: manager,
  } = (metadata ?? {}) as Json;
  if (typeof keyArn !== 'string') return [];
  const known = keyStates.find((one) => one === state);
  return [
    ...(manager === 'AWS'
      ? [{ title: 'key of AWS', part: 'customer.key.manager', value: manager, keyArn, problem: ofAws }]
      : []),
    ...(known ? [{ title: `state of the key: ${known}`, part: 'customer.key.state', value: known, keyArn }] : []),
    ...(isText(spec) ? [{ title: `kind of key: ${spec}`, part: 'customer.key.spec', value: spec, keyArn }] : []),
  ];
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key */
const ofAws =
  'is about a key that AWS manages (KeyManager AWS). Its policy allows only its own account, and no one can change it. Create a customer managed key, and name that key in the test event';

/** https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html */
const ofFirstPage =
  'has only some of the grants: its Truncated or NextToken says that there are more. Print all of them (aws kms list-grants without --max-items and --no-paginate)';

/**
 * Grants name their key, because list-retirable-grants covers several keys. get-bucket-acl's grants have other fields.
 */
function keyGrants({ Grants: given, Truncated, NextToken, NextMarker }: Json): readonly Setting[] {
  const grants = (Array.isArray(given) ? (given as readonly (Json | null)[]) : []).flatMap((grant) => {
    const { GranteePrincipal: to, Operations: operations } = grant ?? {};
    const isGrant = typeof to === 'string' && Array.isArray(operations) && operations.every(isText);
    return grant && isGrant ? [grant] : [];
  });
  const keys = new Set(grants.flatMap(({ KeyId }) => (typeof KeyId === 'string' ? [KeyId] : [])));
  const title = 'grants of the key';
  const isPart = Truncated === true || NextMarker !== undefined || NextToken !== undefined;
  const problem = isPart && { problem: ofFirstPage };
  if (isPart && keys.size === 0) return [{ title, part: 'customer.key.grants', value: [], ...problem }];
  return [...keys].map((keyArn) => {
    const value = grants
      .filter(({ KeyId }) => KeyId === keyArn)
      .map(({ GranteePrincipal, Operations, Constraints }) => ({
        granteePrincipal: GranteePrincipal,
        operations: Operations,
        ...(Constraints !== undefined && { constraints: Constraints }),
      }));
    return { title, part: 'customer.key.grants', value, keyArn, ...problem };
  });
}

/** Where parameters and the stack's name are stored. They are not part of scenarios. */
export const ofStack = { parameters: 'parameters', name: 'stackName' } as const;

/**
 * The formats of `aws cloudformation deploy --parameter-overrides`, of create-stack and of CodePipeline's
 * configuration.
 * https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
 */
function stackParameters({ Parameters: given }: Json): readonly Setting[] {
  const pairs = Array.isArray(given) ? given.map(pairIn) : isObject(given) ? Object.entries(given) : [];
  const isAll = pairs.length > 0 && pairs.every((pair) => pair && /^(?:string|number|boolean)$/.test(typeof pair[1]));
  if (!isAll) return [];
  const value = Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[0], String(pair[1])]] : [])));
  return [{ title: 'parameters of the template', part: ofStack.parameters, value }];
}

function pairIn(one: unknown): readonly [string, unknown] | undefined {
  if (isText(one)) {
    const [, name, value] = /^(\w+)=([\s\S]*)$/.exec(one) ?? [];
    return name === undefined ? undefined : [name, value];
  }
  if (!isObject(one)) return undefined;
  const { ParameterKey: name, ParameterValue: value, ResolvedValue: resolved = value } = one;
  return isText(name) ? [name, resolved] : undefined;
}

/** The answer of describe-stacks, which also names the stack. */
function deployedStack({ Stacks: stacks }: Json): readonly Setting[] {
  const [stack, ...others] = Array.isArray(stacks) ? stacks.filter(isObject) : [];
  if (!stack || others.length > 0) return [];
  const { StackName: value } = stack;
  return [
    ...stackParameters(stack),
    ...(isText(value) ? [{ title: "name of the template's stack", part: ofStack.name, value }] : []),
  ];
}

/**
 * Settings by their part. Block Public Access settings of a bucket and its account are combined, and so are grants.
 *
 * @throws InputError if two contradict each other
 */
export function mergedSettings(settings: readonly GivenSetting[]): ReadonlyMap<string, unknown> {
  const merged = new Map<string, unknown>();
  for (const { file, title, part, value } of settings) {
    const first = settings.find((one) => one.part === part);
    const before = merged.get(part);
    if (before === undefined) merged.set(part, value);
    else if (Array.isArray(before) && Array.isArray(value)) merged.set(part, [...before, ...value]);
    else if (part === 'customer.inbox.blockPublicAccess' && isObject(before) && isObject(value))
      merged.set(part, { ...value, ...Object.fromEntries(Object.entries(before).filter(([, one]) => one === true)) });
    else if (JSON.stringify(before) !== JSON.stringify(value))
      throw new InputError(`${first?.file} and ${file} say different things of the ${title}: leave one of them out.`);
  }
  return merged;
}

/** True if it is about this key. A folder may have answers about several keys, and an answer may have only the ID. */
export function isOfKey({ keyArn }: Pick<GivenSetting, 'keyArn'>, wanted: string | undefined): boolean {
  if (keyArn === undefined || wanted === undefined) return true;
  return parseArn(keyArn) ? keyArn === wanted : keyArn === keyIdIn(wanted);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
