import { isObject, type Json, jsonOrNothing } from '../../core/json.ts';
import { ownEntry as own } from '../../core/values.ts';
import { type GivenSetting, isOfKey, settingsIn } from './settings.ts';
import type { SlotName } from './slots.ts';

/** The owner of a resource, as far as it is known before a plan is applied. */
export interface Owner {
  readonly bucket?: string;
  readonly keyArn?: string;
}

export interface RenderedPolicy extends Owner {
  /** `module.inbox.aws_s3_bucket_policy.this` */
  readonly address: string;
  readonly slot: SlotName;
  readonly document: Json;
}

const ofKey = { attribute: 'policy', slot: 'keyPolicy' } as const;
const ofBucket = { attribute: 'policy', slot: 'bucketPolicy' } as const;

const policies: Readonly<Record<string, { readonly attribute: string; readonly slot: SlotName }>> = {
  aws_kms_external_key: ofKey,
  aws_kms_key: ofKey,
  aws_kms_key_policy: ofKey,
  aws_kms_replica_external_key: ofKey,
  aws_kms_replica_key: ofKey,
  aws_s3_bucket: ofBucket,
  aws_s3_bucket_policy: ofBucket,
  awscc_kms_key: { ...ofKey, attribute: 'key_policy' },
  awscc_kms_replica_key: { ...ofKey, attribute: 'key_policy' },
  awscc_s3_bucket_policy: { ...ofBucket, attribute: 'policy_document' },
};

/** A plan with a bucket is the customer's, so its service control policies don't apply to deliveries. */
const ofOrganizations: Readonly<Record<string, SlotName>> = {
  RESOURCE_CONTROL_POLICY: 'resourceControlPolicy',
  SERVICE_CONTROL_POLICY: 'customerServiceControlPolicy',
};

function placeOf(type: string, values: Json): (typeof policies)[string] | undefined {
  if (type !== 'aws_organizations_policy') return own(policies, type);
  const slot = own(ofOrganizations, String(values['type'] ?? 'SERVICE_CONTROL_POLICY'));
  return slot && { attribute: 'content', slot };
}

/** The output of `terraform show -json` for a plan or a state. */
export function isTerraformJson(value: Json): boolean {
  return 'format_version' in value && ('planned_values' in value || 'values' in value);
}

/** A resource whose policy is not in the plan or state. */
interface Untold {
  readonly address: string;
  readonly slot: SlotName;
  /** `says that …` */
  readonly why: string;
}

interface Found extends Owner {
  readonly address: string;
  readonly type: string;
  readonly slot: SlotName;
  readonly document: Json | undefined;
  readonly isPending: boolean;
}

/**
 * The policies in a plan, as far as they are known before it is applied, and the resources whose policies are unknown.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function renderedPolicies(value: Json): {
  readonly rendered: readonly RenderedPolicy[];
  readonly untold: readonly Untold[];
} {
  const pending = pendingIn(value['resource_changes']);
  const found = withoutReplaced(
    allIn(value).flatMap(({ type: given, address, values }): Found[] => {
      const [type, attributes] = [String(given), isObject(values) ? values : {}];
      const place = placeOf(type, attributes);
      if (!place) return [];
      const { attribute, slot } = place;
      const isPending = pending(String(address), attribute);
      const document = policyIn(attributes[attribute]);
      return [{ address: String(address), type, slot, document, isPending, ...ownerOf(type, attributes) }];
    }),
  );
  const rendered = found.flatMap(({ document, type: _, isPending: __, ...one }) =>
    document ? [{ ...one, document }] : [],
  );
  const untold = found.flatMap(({ address, slot, document, isPending }): Untold[] => {
    if (document) return [];
    if (isPending)
      return [{ address, slot, why: `says that the policy of ${address} is known only after it is applied` }];
    return [{ address, slot, why: `has no policy of ${address}` }];
  });
  return { rendered, untold };
}

const replacing = /^aws(?:_kms_key|_s3_bucket|cc_s3_bucket)_policy$/;

/** A resource has its own policy, unless another resource sets one. A state has it in both. */
function withoutReplaced(found: readonly Found[]): readonly Found[] {
  const given = found.filter(({ type }) => replacing.test(type));
  const owners = found.filter((one) => !given.includes(one));
  const isReplaced = (one: Found) =>
    given.some((other) => {
      if (other.slot !== one.slot) return false;
      if (one.bucket !== undefined && other.bucket !== undefined) return one.bucket === other.bucket;
      if (one.keyArn !== undefined && other.keyArn !== undefined) return isOfKey(other, one.keyArn);
      return owners.filter(({ slot }) => slot === one.slot).length === 1;
    });
  return found.filter((one) => !(owners.includes(one) && isReplaced(one)));
}

function ownerOf(type: string, { bucket, arn, key_id: key = arn }: Json): Owner {
  if (!type.includes('_kms_')) return typeof bucket === 'string' ? { bucket } : {};
  const id = typeof arn === 'string' ? arn : key;
  return typeof id === 'string' && id !== '' ? { keyArn: id } : {};
}

/** Policies of VPC endpoints in a customer's plan. No delivery passes through them. */
export function endpointsIn(value: Json): readonly { readonly address: string; readonly why: string }[] {
  return allIn(value).flatMap(({ type, address, values }) => {
    const isOfS3 = isObject(values) && /\.s3$/.test(String(values['service_name'] ?? '.s3'));
    if (!/^aws_vpc_endpoint(?:_policy)?$/.test(String(type)) || !isOfS3 || !policyIn(values['policy'])) return [];
    const why =
      "is the policy of an endpoint in the account of this plan; a delivery passes only the service's own (--vpc-endpoint-policy)";
    return [{ address: String(address), why }];
  });
}

/** A setting of a bucket or a key, and its owner as far as it is known before the plan is applied. */
export interface RenderedSetting extends GivenSetting, Owner {
  readonly type: string;
}

/** The part of a resource that the AWS CLI would print, so that it can be read in the same way. */
const answers: Readonly<Record<string, (values: Json) => Json>> = {
  aws_kms_grant: ({ key_id, grantee_principal, operations, constraints }) => {
    const [constraint] = listOf(constraints);
    const { encryption_context_equals: equals, encryption_context_subset: subset } = constraint ?? {};
    const Constraints = {
      ...(isObject(equals) && { EncryptionContextEquals: equals }),
      ...(isObject(subset) && { EncryptionContextSubset: subset }),
    };
    return {
      Grants: [{ KeyId: key_id ?? '', GranteePrincipal: grantee_principal, Operations: operations, Constraints }],
    };
  },
  // In a plan, unset values are null, and values that are not known yet are left out.
  aws_kms_external_key: ({ arn = '', enabled, key_state, key_material_base64: material }) => ({
    KeyMetadata: {
      Arn: arn,
      KeyState: key_state ?? (material === null ? 'PendingImport' : material && stateIf(enabled)),
    },
  }),
  aws_kms_replica_key: ({ arn = '', enabled }) => ({ KeyMetadata: { Arn: arn, KeyState: stateIf(enabled) } }),
  aws_s3_account_public_access_block: publicAccessBlock,
  aws_s3_bucket: ({ region }) => (typeof region === 'string' ? { LocationConstraint: region } : {}),
  aws_kms_key: ({ arn = '', is_enabled, customer_master_key_spec: KeySpec }) => ({
    KeyMetadata: { Arn: arn, KeyState: stateIf(is_enabled), KeySpec },
  }),
  aws_s3_bucket_ownership_controls: ({ rule }) => ({
    OwnershipControls: { Rules: listOf(rule).map(({ object_ownership: ObjectOwnership }) => ({ ObjectOwnership })) },
  }),
  aws_s3_bucket_public_access_block: publicAccessBlock,
  aws_s3_bucket_server_side_encryption_configuration: ({ rule }) => ({
    ServerSideEncryptionConfiguration: {
      Rules: listOf(rule).map(({ apply_server_side_encryption_by_default: by, bucket_key_enabled }) => {
        const [{ sse_algorithm: SSEAlgorithm, kms_master_key_id: KMSMasterKeyID } = {} as Json] = listOf(by);
        return {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID },
          BucketKeyEnabled: bucket_key_enabled === true,
        };
      }),
    },
  }),
};

function publicAccessBlock({
  block_public_acls: BlockPublicAcls = false,
  block_public_policy: BlockPublicPolicy = false,
  ignore_public_acls: IgnorePublicAcls = false,
  restrict_public_buckets: RestrictPublicBuckets = false,
}: Json): Json {
  return {
    PublicAccessBlockConfiguration: { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets },
  };
}

function stateIf(isEnabled: unknown): string {
  return isEnabled === false ? 'Disabled' : 'Enabled';
}

/** The settings of buckets and keys in a plan or a state. */
export function renderedSettings(value: Json, file: string): readonly RenderedSetting[] {
  return allIn(value).flatMap(({ type, address, values }) => {
    const answerOf = own(answers, String(type));
    if (!answerOf || !isObject(values)) return [];
    const { bucket, grantee_principal: grantee, operations } = values;
    if (type === 'aws_kms_grant' && !(typeof grantee === 'string' && Array.isArray(operations)))
      return [{ ...unknownGrant(String(address)), file, type, ...ownerOf(type, values) }];
    return settingsIn(answerOf(values), `${file}#${String(address)}`).map(({ keyArn, ...setting }) => ({
      ...setting,
      type: String(type),
      ...(keyArn && { keyArn }),
      ...(typeof bucket === 'string' && { bucket }),
    }));
  });
}

function unknownGrant(address: string) {
  const problem = `says that the grantee of ${address} is known only after it is applied: leave it out, or write the ARN of the role`;
  return { title: 'grants of the key', part: 'customer.key.grants', value: [], problem };
}

function allIn(value: Json): readonly Json[] {
  const values = (value['planned_values'] ?? value['values']) as Json | undefined;
  return resourcesIn(values?.['root_module']);
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function resourcesIn(module: unknown): readonly Json[] {
  const { resources, child_modules: children } = (module ?? {}) as Json;
  const own = Array.isArray(resources) ? (resources as readonly Json[]) : [];
  return [...own, ...(Array.isArray(children) ? children.flatMap(resourcesIn) : [])];
}

function pendingIn(changes: unknown): (address: string, attribute: string) => boolean {
  const pending = new Set(
    listOf(changes).flatMap(({ address, change }) => {
      const after = isObject(change) ? change['after_unknown'] : undefined;
      return isObject(after)
        ? Object.keys(after).flatMap((key) => (after[key] === true ? `${address} ${key}` : []))
        : [];
    }),
  );
  return (address, attribute) => pending.has(`${address} ${attribute}`);
}

function policyIn(given: unknown): Json | undefined {
  const value = typeof given === 'string' ? jsonOrNothing(given) : given;
  return isObject(value) && 'Statement' in value ? value : undefined;
}
