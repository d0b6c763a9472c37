import { isFields, ownEntry as own, type UnknownFields } from '../template/values.ts';
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

/** What `terraform show -json` prints of a plan or a state. */
export function isTerraformJson(value: UnknownFields): boolean {
  return 'format_version' in value && ('planned_values' in value || 'values' in value);
}

/**
 * The policies in a plan as far as they are known before it is applied, and where they are not.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export function renderedPolicies(value: UnknownFields): {
  readonly rendered: readonly RenderedPolicy[];
  /** Addresses of resources whose policy is known after the plan is applied only. */
  readonly unknown: readonly string[];
} {
  const values = (value['planned_values'] ?? value['values']) as UnknownFields | undefined;
  const resources = resourcesIn(values?.['root_module']).filter(({ type }) => own(policies, String(type)));
  const rendered = resources.flatMap(({ type, address, values: attributes }): RenderedPolicy[] => {
    const { attribute = '', slot } = own(policies, String(type)) ?? {};
    const document = parsed((attributes as UnknownFields | undefined)?.[attribute]);
    return document && slot ? [{ address: String(address), slot, document }] : [];
  });
  const known = new Set(rendered.map(({ address }) => address));
  const pending = new Set(pendingIn(value['resource_changes']));
  const unknown = resources.map(({ address }) => String(address)).filter((one) => !known.has(one) && pending.has(one));
  return { rendered, unknown };
}

function resourcesIn(module: unknown): readonly UnknownFields[] {
  const { resources, child_modules: children } = (module ?? {}) as UnknownFields;
  const own = Array.isArray(resources) ? (resources as readonly UnknownFields[]) : [];
  return [...own, ...(Array.isArray(children) ? children.flatMap(resourcesIn) : [])];
}

function pendingIn(changes: unknown): readonly string[] {
  if (!Array.isArray(changes)) return [];
  return (changes as readonly UnknownFields[]).flatMap(({ address, change }) => {
    const after = (change as UnknownFields | undefined)?.['after_unknown'] as UnknownFields | undefined;
    return after?.['policy'] === true ? [String(address)] : [];
  });
}

function parsed(text: unknown): UnknownFields | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) && 'Statement' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
