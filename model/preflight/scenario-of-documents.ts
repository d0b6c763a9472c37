import { parseArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import { encryptionOfExisting } from '../world/open-stack.ts';
import type { UnknownPart } from '../world/scenario.ts';
import type { ScenarioFile, ServicePart } from '../world/scenario-schema.ts';
import type { EventNames } from '../world/world-names.ts';
import type { DocumentSet, GivenPolicy } from './document-set.ts';
import type { Facts } from './facts.ts';
import { organizationNamedIn } from './questions.ts';
import { mergedSettings } from './settings.ts';
import { places } from './slots.ts';
import { throughEndpoint } from './stated-facts.ts';

/** The scenario that the documents describe, as a user would write it. @param said the contents of the test event */
export function scenarioFileOf(
  set: DocumentSet,
  said: EventNames | undefined,
  facts: Facts,
  organizations: Organizations,
): ScenarioFile {
  const { policies, template, title } = set;
  const serviceAccountId = said?.service.accountId ?? parseArn(facts.deliveryRoleArn?.value ?? '')?.accountId;
  const region = facts.region?.value;
  const serviceRegion = parseArn(set.stated?.serviceKeyArn ?? '')?.region ?? region;
  const file: ScenarioFile = {
    name: title,
    why: 'given documents',
    service: {
      ...said?.service,
      ...defined({
        region: serviceRegion,
        accountId: serviceAccountId,
        organizationId: organizations.service,
        organizationPath: set.told.serviceOrganizationPath,
      }),
      ...networkTold(set),
      ...(set.told.scpReplacesFullAccess && { scpReplacesFullAccess: true }),
    },
    customer: {
      ...said?.customer,
      ...defined({
        accountId: facts.accountId?.value,
        region,
        organizationId: organizations.customer,
        organizationPath: set.told.customerOrganizationPath,
      }),
      ...(set.told.restrictPublicBuckets !== undefined && {
        inbox: { blockPublicAccess: { RestrictPublicBuckets: set.told.restrictPublicBuckets } },
      }),
      ...(template && { template: template.source.file, parameters: { ...template.parameters } }),
    },
    expect: { verdict: 'passed' },
  };
  return withParts(file, policies, set.settings);
}

export interface Organizations {
  readonly service?: string | undefined;
  readonly customer?: string | undefined;
}

/** Anything that no one states is unknown. */
export function organizationsIn({ policies, told }: DocumentSet): Organizations {
  const named = (slot: string) =>
    organizationNamedIn(
      policies.filter((given) => places[given.slot].part.startsWith(slot)).map(({ policy }) => policy),
    );
  return {
    service: told.serviceOrganization ?? named('service.'),
    customer: told.customerOrganization ?? named('customer.resourceControlPolicies'),
  };
}

/** Requests through a VPC endpoint have an address within the VPC. */
function networkTold({ told, policies }: DocumentSet): Pick<ServicePart, 'sourceIp' | 'vpcEndpoint'> {
  const { sourceIp, vpcEndpoint: id, vpc: vpcId } = told;
  if (!throughEndpoint({ told, policies })) return sourceIp === undefined ? {} : { sourceIp };
  return { vpcEndpoint: defined({ id, vpcId, clientIp: sourceIp }) };
}

/** Puts the documents and settings in their places in a scenario. */
function withParts(
  file: ScenarioFile,
  policies: readonly GivenPolicy[],
  settings: DocumentSet['settings'],
): ScenarioFile {
  const filled = structuredClone(file) as Record<string, unknown>;
  for (const [place, { part, several }] of Object.entries(places)) {
    const documents = policies.filter(({ slot }) => slot === place).map(({ policy }) => policy.document);
    if (documents.length > 0) put(filled, part.split('.'), several ? documents : documents[0]);
  }
  const ofAccounts = settings.filter(({ part, problem }) => part.includes('.') && problem === undefined);
  for (const [part, value] of mergedSettings(ofAccounts)) put(filled, part.split('.'), value);
  return filled as ScenarioFile;
}

/** Only a template, or an answer of AWS, shows if the bucket has a Bucket Key. */
export function unsaidIn({ settings, template, policies }: DocumentSet): readonly UnknownPart[] {
  const isSaid = template !== undefined || settings.some(({ part }) => part === encryptionOfExisting.part);
  return isSaid || policies.every(({ slot }) => slot !== 'keyPolicy') ? [] : [encryptionOfExisting];
}

function put(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  const inner = { ...(target[name] as object | undefined) };
  target[name] = rest.length === 0 ? value : inner;
  if (rest.length > 0) put(inner, rest, value);
}
