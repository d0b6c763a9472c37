import { ipRangeOf } from '../../policy/values.ts';
import type { RequestFact } from '../policies/request-facts.ts';
import { InputError } from '../text/input-error.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Bucket } from '../world/world.ts';
import type { DocumentSet, Told } from './document-set.ts';

interface Rule {
  readonly option: string;
  readonly title: string;
  readonly allows: (value: string) => boolean;
  readonly allowed: string;
}

/** A field that answers a question, and its possible values. */
export interface AnswerField {
  /** For {@link Told}, `parameter:NAME`, `import:NAME` or `stackName`. */
  readonly field: string;
  /** Absent if the question already says it. */
  readonly title?: string;
  readonly allowed: string;
  /** The possible values; empty if any text is possible. */
  readonly choices: readonly string[];
}

const yesOrNo = ['yes', 'no'];

export function answerField(field: keyof Told): AnswerField {
  const rule = rules[field];
  if (!rule) return { field, allowed: yesOrNo.join(' or '), choices: yesOrNo };
  return { field, title: rule.title, allowed: rule.allowed, choices: [] };
}

/** Converts answers as typed. Leaves out empty ones and those that don't belong to a question. */
export function toldFrom(answers: Readonly<Record<string, string | boolean>>): Told {
  const given = Object.entries(answers).flatMap(([field, value]): readonly (readonly [string, string | boolean])[] => {
    if (Object.hasOwn(rules, field)) return String(value).trim() === '' ? [] : [[field, String(value).trim()] as const];
    const isYes = value === true || value === 'yes';
    return yesOrNoFields.has(field) && (isYes || value === false || value === 'no') ? [[field, isYes] as const] : [];
  });
  return Object.fromEntries(given);
}

const yesOrNoFields: ReadonlySet<string> = new Set<keyof Told>(['scpReplacesFullAccess', 'restrictPublicBuckets']);

const organizationPath = /^(o-[a-z0-9]+)\/r-[a-z0-9]+\/(?:ou-[a-z0-9]+-[a-z0-9]+\/)*$/;

const rules: Readonly<Partial<Record<keyof Told, Rule>>> = {
  sourceIp: {
    option: '--source-ip',
    title: 'IP address',
    allows: (value) => /^[^\s/]+$/.test(value) && ipRangeOf(value) !== undefined,
    allowed: 'an IPv4 or IPv6 address, such as 198.51.100.7',
  },
  vpcEndpoint: {
    option: '--vpc-endpoint',
    title: 'VPC endpoint',
    allows: (value) => /^vpce-[0-9a-z]+$/.test(value),
    allowed: "a VPC endpoint's id, such as vpce-0a1b2c3d",
  },
  vpc: {
    option: '--vpc',
    title: 'VPC',
    allows: (value) => /^vpc-[0-9a-z]+$/.test(value),
    allowed: "a VPC's id, such as vpc-0a1b2c3d",
  },
  serviceOrganization: organizationRule('--service-organization', 'Organization of the service'),
  customerOrganization: organizationRule('--customer-organization', 'Organization of the customer'),
  serviceOrganizationPath: pathRule('--service-organization-path', 'Path of the service in its organization'),
  customerOrganizationPath: pathRule('--customer-organization-path', 'Path of the customer in its organization'),
};

function pathRule(option: string, title: string): Rule {
  return {
    option,
    title,
    allows: (value) => organizationPath.test(value),
    allowed: 'a place in an organization that ends with a slash, such as o-a1b2c3d4e5/r-f6g7/ou-f6g7-h8i9j0k1/',
  };
}

function organizationRule(option: string, title: string): Rule {
  return {
    option,
    title,
    allows: (value) => /^o-[a-z0-9]+$/.test(value),
    allowed: "an organization's id, such as o-a1b2c3d4e5",
  };
}

/**
 * The user's facts and what follows from them; for example, a path contains its organization.
 *
 * @throws InputError with every impossible value and its field
 */
export function validTold(told: Told): Told {
  const wrong = Object.entries(rules).flatMap(([field, { option, allows, allowed }]): readonly Wrong[] => {
    const value = told[field as keyof Told];
    if (typeof value !== 'string' || allows(value)) return [];
    const quoted = JSON.stringify(value);
    return [{ field, message: `${quoted} is not ${allowed}.`, line: `${option} ${quoted}: is not ${allowed}.` }];
  });
  const named = (['service', 'customer'] as const).flatMap((whose) => {
    const field = `${whose}OrganizationPath` as const;
    const organization = organizationPath.exec(told[field] ?? '')?.[1];
    const given = told[`${whose}Organization`];
    if (organization === undefined) return [];
    if (given !== undefined && given !== organization) {
      const line = `--${whose}-organization and --${whose}-organization-path: name two organizations.`;
      wrong.push({ field, message: `is in another organization than ${given}, which you gave too.`, line });
    }
    return [[`${whose}Organization`, organization] as const];
  });
  if (wrong.length > 0) {
    const lines = wrong.map(({ line }) => line);
    throw new InputError(
      lines.join('\n'),
      wrong.map(({ field, message }) => ({ field, message })),
    );
  }
  return { ...told, ...Object.fromEntries(named) };
}

/** What is wrong with an answer, shown next to its field on a page and on a line in a terminal. */
interface Wrong {
  readonly field: string;
  readonly message: string;
  readonly line: string;
}

export function unknownFactsOf(
  { told, policies, settings, template }: DocumentSet,
  organizations: { readonly service?: string | undefined; readonly customer?: string | undefined },
  inbox: Pick<Bucket, 'publicAccessBlock'> | undefined,
): ReadonlySet<RequestFact> {
  const has = (slot: string) => policies.some((given) => given.slot === slot);
  const isThroughEndpoint = throughEndpoint({ told, policies });
  // If the bucket doesn't restrict public policies, the account still may.
  const isInTemplate = template !== undefined && inbox?.publicAccessBlock?.RestrictPublicBuckets === true;
  const unknown: Readonly<Partial<Record<RequestFact, boolean>>> = {
    network: told.sourceIp === undefined && !isThroughEndpoint,
    vpcEndpointId: told.vpcEndpoint === undefined && (isThroughEndpoint || told.sourceIp === undefined),
    vpcId: told.vpc === undefined && (isThroughEndpoint || told.sourceIp === undefined),
    vpcClient: told.sourceIp === undefined,
    serviceOrganization: organizations.service === undefined,
    serviceOrganizationPath: told.serviceOrganizationPath === undefined,
    customerOrganization: organizations.customer === undefined,
    customerOrganizationPath: told.customerOrganizationPath === undefined,
    roleId: true,
    canonicalUserId: true,
    roleTags: true,
    keyTags: true,
    keyAliases: template === undefined,
    multiRegionKeyType: template === undefined,
    bucketTags: true,
    client: true,
    blockPublicAccess:
      told.restrictPublicBuckets === undefined && !settings.some(restrictsPublicBuckets) && !isInTemplate,
    fullAwsAccess: has('serviceControlPolicy') && !told.scpReplacesFullAccess && policies.some(allowsSomething),
  };
  return new Set((Object.keys(unknown) as RequestFact[]).filter((fact) => unknown[fact]));
}

/** The account's own setting counts too, so only a yes of the bucket answers the question. */
function restrictsPublicBuckets({ part, value }: DocumentSet['settings'][number]): boolean {
  const { RestrictPublicBuckets: answer } = (value ?? {}) as { readonly RestrictPublicBuckets?: unknown };
  return part === 'customer.inbox.blockPublicAccess' && answer === true;
}

export function throughEndpoint({ told, policies }: Pick<DocumentSet, 'told' | 'policies'>): boolean {
  return (
    told.vpcEndpoint !== undefined ||
    told.vpc !== undefined ||
    policies.some(({ slot }) => slot === 'vpcEndpointPolicy')
  );
}

/** Policies that only deny make sense only next to FullAWSAccess; those that allow may replace it. */
function allowsSomething({ slot, policy }: DocumentSet['policies'][number]): boolean {
  return slot === 'serviceControlPolicy' && statementsOf(policy.document).some(({ Effect }) => Effect === 'Allow');
}
