import { isObject, type Json, jsonOrNothing } from '../../core/json.ts';
import { ownEntry as own } from '../template/values.ts';
import { type GivenSetting, settingsIn } from './settings.ts';
import type { SlotName } from './slots.ts';

export interface RenderedPolicy {
  /** `module.inbox.aws_s3_bucket_policy.this` */
  readonly address: string;
  readonly slot: SlotName;
  readonly document: Readonly<Record<string, unknown>>;
}

const policies: Readonly<Record<string, { readonly attribute: string; readonly slot: SlotName }>> = {
  aws_kms_key: { attribute: 'policy', slot: 'keyPolicy' },
  aws_kms_key_policy: { attribute: 'policy', slot: 'keyPolicy' },
  aws_kms_replica_key: { attribute: 'policy', slot: 'keyPolicy' },
  aws_s3_bucket: { attribute: 'policy', slot: 'bucketPolicy' },
  aws_s3_bucket_policy: { attribute: 'policy', slot: 'bucketPolicy' },
};

/** The output of `terraform show -json` for a plan or a state. */
export function isTerraformJson(value: Json): boolean {
  return 'format_version' in value && ('planned_values' in value || 'values' in value);
}

/** A resource whose policy the plan or state does not say. */
interface Untold {
  readonly address: string;
  readonly slot: SlotName;
  /** `says that …` */
  readonly why: string;
}

/**
 * The policies in a plan as far as they are known before it is applied, and where they are not.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function renderedPolicies(value: Json): {
  readonly rendered: readonly RenderedPolicy[];
  readonly untold: readonly Untold[];
} {
  const resources = allIn(value).filter(({ type }) => own(policies, String(type)));
  const rendered = resources.flatMap(({ type, address, values: attributes }): RenderedPolicy[] => {
    const { attribute = '', slot } = own(policies, String(type)) ?? {};
    const document = policyIn((attributes as Json | undefined)?.[attribute]);
    return document && slot ? [{ address: String(address), slot, document }] : [];
  });
  const known = new Set(rendered.map(({ address }) => address));
  const pending = new Set(pendingIn(value['resource_changes']));
  const untold = resources.flatMap(({ type, address: given }): Untold[] => {
    const { slot } = own(policies, String(type)) ?? {};
    const address = String(given);
    if (!slot || known.has(address)) return [];
    if (pending.has(address))
      return [{ address, slot, why: `says that the policy of ${address} is known only after it is applied` }];
    const isBare = type === 'aws_s3_bucket' && rendered.every((one) => one.slot !== slot);
    return isBare ? [{ address, slot, why: `has no policy of ${address}` }] : [];
  });
  return { rendered, untold };
}

/** A setting of a bucket or a key, and which one it is of as far as that is known before the plan is applied. */
export interface RenderedSetting extends GivenSetting {
  readonly type: string;
  readonly bucket?: string;
}

/** The part of a resource that the AWS CLI would print, to be read the same way. */
const answers: Readonly<Record<string, (values: Json) => Json>> = {
  aws_kms_grant: ({ key_id, grantee_principal, operations, constraints }) => {
    const [constraint] = listOf(constraints);
    const { encryption_context_equals: equals, encryption_context_subset: subset } = constraint ?? {};
    const Constraints = {
      ...(isObject(equals) && { EncryptionContextEquals: equals }),
      ...(isObject(subset) && { EncryptionContextSubset: subset }),
    };
    return {
      Grants: [{ KeyId: key_id, GranteePrincipal: grantee_principal, Operations: operations, Constraints }],
    };
  },
  aws_kms_key: ({ arn = '', is_enabled, customer_master_key_spec: KeySpec }) => ({
    KeyMetadata: { Arn: arn, KeyState: is_enabled === false ? 'Disabled' : 'Enabled', KeySpec },
  }),
  aws_s3_bucket_ownership_controls: ({ rule }) => ({
    OwnershipControls: { Rules: listOf(rule).map(({ object_ownership: ObjectOwnership }) => ({ ObjectOwnership })) },
  }),
  aws_s3_bucket_public_access_block: ({
    block_public_acls: BlockPublicAcls = false,
    block_public_policy: BlockPublicPolicy = false,
    ignore_public_acls: IgnorePublicAcls = false,
    restrict_public_buckets: RestrictPublicBuckets = false,
  }) => ({
    PublicAccessBlockConfiguration: { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets },
  }),
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

/** The settings of buckets and keys in a plan or a state. */
export function renderedSettings(value: Json, file: string): readonly RenderedSetting[] {
  return allIn(value).flatMap(({ type, address, values }) => {
    const answerOf = own(answers, String(type));
    if (!answerOf || !isObject(values)) return [];
    const { bucket } = values;
    return settingsIn(answerOf(values), `${file}#${String(address)}`).map(({ keyArn, ...setting }) => ({
      ...setting,
      type: String(type),
      ...(keyArn && { keyArn }),
      ...(typeof bucket === 'string' && { bucket }),
    }));
  });
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

function pendingIn(changes: unknown): readonly string[] {
  if (!Array.isArray(changes)) return [];
  return (changes as readonly Json[]).flatMap(({ address, change }) => {
    const after = (change as Json | undefined)?.['after_unknown'] as Json | undefined;
    return after?.['policy'] === true ? [String(address)] : [];
  });
}

function policyIn(text: unknown): Json | undefined {
  const value = typeof text === 'string' ? jsonOrNothing(text) : undefined;
  return isObject(value) && 'Statement' in value ? value : undefined;
}
