import { isObject, type Json } from '../../core/json.ts';
import { type GivenSetting, settingsIn } from './settings.ts';
import { slots as allSlots, type SlotName, slotsOfBuckets, slotsWith } from './slots.ts';
import { endpointsIn, isTerraformJson, type RenderedSetting, renderedPolicies, renderedSettings } from './terraform.ts';
import { type WrongKind, wrongValue } from './wrong-kinds.ts';

export type Guess =
  | { readonly holds: 'policy'; readonly slot: SlotName }
  | { readonly holds: 'event' | 'scenario' | 'template' }
  | ({
      readonly holds: 'terraform';
      readonly settings: readonly RenderedSetting[];
      readonly endpoints: ReturnType<typeof endpointsIn>;
    } & ReturnType<typeof renderedPolicies>)
  | { readonly holds: 'settings'; readonly settings: readonly GivenSetting[] }
  /** The file is not used. The reason is shown to the user. */
  | ({ readonly holds: 'nothing'; readonly isUnknown?: true; readonly lacks?: readonly SlotName[] } & WrongKind)
  | { readonly holds: 'doubtful'; readonly slots: readonly SlotName[] };

/**
 * Recognizes a document by its content. The file's name only decides between places that the content leaves open.
 *
 * @param value the content of a JSON or YAML file
 * @param file its name
 * @param among the places that a policy can take, if known from something other than its content
 */
export function guess(value: unknown, file: string, among?: readonly SlotName[]): Guess {
  const listed = Array.isArray(value) ? settingsIn(value, file) : [];
  if (listed.length > 0) return { holds: 'settings', settings: listed };
  if (!isObject(value)) return { holds: 'nothing', why: 'is no object', isUnknown: true };
  if ('expect' in value && 'name' in value) return { holds: 'scenario' };
  const partsOfEvent = ['customer', 'inbox'].filter((part) => part in value).length;
  // An event with only one of the parts is recognized by its file name.
  if (partsOfEvent > (/event/i.test(file) ? 0 : 1) || Array.isArray(value['customers'])) return { holds: 'event' };
  if (isObject(value['Resources']) && Object.values(value['Resources']).some((one) => isObject(one) && 'Type' in one)) {
    return { holds: 'template' };
  }
  if (isTerraformJson(value) && value['errored'] === true)
    return { holds: 'nothing', why: 'is a plan that Terraform could not finish (errored)', isSource: true };
  if (isTerraformJson(value))
    return {
      endpoints: endpointsIn(value),
      holds: 'terraform',
      ...renderedPolicies(value),
      settings: renderedSettings(value, file),
    };
  if ('Statement' in value) return guessPolicy([value['Statement']].flat().filter(isObject), file, among);
  const settings = settingsIn(value, file);
  if (settings.length > 0) return { holds: 'settings', settings };
  const unknown = { why: 'is not a policy, template, test event or scenario', isUnknown: true } as const;
  return { holds: 'nothing', ...(wrongValue(value) ?? unknown) };
}

/** Places that a policy could take, and the default one. */
interface Fits {
  readonly slots: readonly SlotName[];
  readonly mostly?: SlotName;
}

function guessPolicy(statements: readonly Json[], file: string, among?: readonly SlotName[]): Guess {
  const services = new Set(statements.flatMap((one) => servicesOf(one)));
  if (
    services.size === 1 &&
    services.has('sts') &&
    statements.every((one) => !('Resource' in one || 'NotResource' in one))
  ) {
    return {
      holds: 'nothing',
      why: 'is the trust policy of a role, which says who may assume it: a delivery needs a policy of the bucket (s3:PutObject) and one of the key (kms:GenerateDataKey)',
    };
  }
  // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
  if (statements.length > 0 && statements.every(isDefaultOfEndpoints)) {
    return {
      holds: 'nothing',
      why: "is AWS's default policy of VPC endpoints, which allows everything and decides nothing",
    };
  }
  const { slots, mostly } = among ? { slots: among, mostly: among[0] } : fitsOf(statements);
  const named = slots.filter((slot) => allSlots[slot].fileName.test(file));
  const slot = slots.length === 1 ? slots[0] : named.length === 1 ? named[0] : mostly;
  if (slot !== undefined) return { holds: 'policy', slot };
  if (slots.length > 0) return { holds: 'doubtful', slots };
  return { holds: 'nothing', why: 'is a policy of something else than a bucket, a key, a role or an organization' };
}

function fitsOf(statements: readonly Json[]): Fits {
  const isOfResource = statements.some((one) => 'Principal' in one || 'NotPrincipal' in one);
  return isOfResource ? withPrincipal(statements) : withoutPrincipal(statements);
}

function withPrincipal(statements: readonly Json[]): Fits {
  const services = new Set(statements.flatMap((one) => servicesOf(one)));
  const isOnly = (service: string) => services.size === 1 && services.has(service);
  // S3 doesn't save a bucket policy with the Resource "*".
  const isAboutEverything =
    statements.every(({ Principal }) => isAnybody(Principal)) &&
    (statements.some(({ Resource }) => isAll(Resource)) ||
      !statements.some(({ Resource }) => textsIn(Resource).some((arn) => /^arn:[^:]*:s3:::(?!\*)/.test(arn))));
  // A bucket or key policy without any Allow is less likely than an organization's policy for everyone.
  if (isAboutEverything && statements.every(({ Effect }) => Effect === 'Deny')) {
    return { slots: slotsWith('everyone'), mostly: 'resourceControlPolicy' };
  }
  if (isOnly('kms')) return { slots: ['keyPolicy'] };
  if (isAboutEverything) return { slots: ['vpcEndpointPolicy', 'bucketPolicy'], mostly: 'vpcEndpointPolicy' };
  if (!services.has('s3') && !services.has('*')) return { slots: [] };
  return { slots: ['bucketPolicy', ...slotsOfBuckets], mostly: 'bucketPolicy' };
}

function withoutPrincipal(statements: readonly Json[]): Fits {
  // A boundary without any specific Allow would allow nothing.
  const onlyRestricts = statements.every(
    ({ Effect, Action, Resource }) => Effect === 'Deny' || (isAll(Action) && isAll(Resource)),
  );
  return { slots: slotsWith('forbidden'), ...(onlyRestricts && { mostly: 'serviceControlPolicy' }) };
}

function isDefaultOfEndpoints({ Effect, Principal, Action, Resource, Condition }: Json): boolean {
  return Effect === 'Allow' && isAnybody(Principal) && isAll(Action) && isAll(Resource) && Condition === undefined;
}

function servicesOf({ Action, NotAction }: Json): readonly string[] {
  return [...textsIn(Action), ...textsIn(NotAction)].map((action) => action.split(':')[0]?.toLowerCase() ?? '');
}

function isAnybody(principal: unknown): boolean {
  return principal === '*' || (isObject(principal) && textsIn(principal['AWS']).join() === '*');
}

function isAll(value: unknown): boolean {
  return textsIn(value).join() === '*';
}

function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}
