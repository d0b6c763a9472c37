import type { MapEntry, TemplateSource } from '../template/node.ts';
import { readTemplate } from '../template/read-template.ts';
import { expectMap, expectString, optional } from '../template/read-value.ts';
import { TemplateError } from '../template/template-error.ts';
import type { SourceDocument } from '../text/document.ts';
import { InputError } from '../text/input-error.ts';
import type { PolicyFile } from '../text/policy-file.ts';
import { type GivenSetting, isOfKey, mergedSettings, ofStack } from './settings.ts';
import { type PlaceName, placeOfPart, places, slotNames, slots } from './slots.ts';

export interface TemplateDeployment {
  readonly parameters: Readonly<Record<string, string>>;
  /** Values from other stacks and services, keyed by their names in the template. */
  readonly imports: Readonly<Record<string, string>>;
  readonly stackName: string | undefined;
}

export interface DocumentSet {
  readonly title: string;
  /** The customer's name if no event has one. */
  readonly customer?: string;
  readonly event?: SourceDocument;
  readonly scenario?: string;
  readonly policies: readonly GivenPolicy[];
  /** Settings of the customer's bucket and key, and of the template's stack. */
  readonly settings: readonly GivenSetting[];
  readonly template?: TemplateDeployment & { readonly source: TemplateSource };
  readonly told: Told;
  /** Facts that take precedence over the documents if there is no test event. */
  readonly stated?: Stated;
  /** Files found in a folder that are not used, with the reason. */
  readonly unused: readonly { readonly file: string; readonly why: string }[];
}

/** What the service knows about itself and a customer before there is a test event. */
export interface Stated {
  readonly customer?: string;
  readonly accountId?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly deliveryRoleArn?: string;
  readonly internalBucket?: string;
  /** The service's own key, if reports are staged with it. */
  readonly serviceKeyArn?: string;
}

export interface GivenPolicy {
  readonly slot: PlaceName;
  readonly policy: PolicyFile;
}

/** A user's facts about the two accounts that neither a document nor a test event contains. */
export interface Told {
  /** For requests through a VPC endpoint, the address within the VPC. */
  readonly sourceIp?: string;
  readonly vpcEndpoint?: string;
  readonly vpc?: string;
  readonly serviceOrganization?: string;
  readonly serviceOrganizationPath?: string;
  readonly customerOrganization?: string;
  readonly customerOrganizationPath?: string;
  readonly scpReplacesFullAccess?: boolean;
  readonly restrictPublicBuckets?: boolean;
}

/** The template that creates a bucket comes first; the others create its key or its policy. */
export function deployedTogether(templates: readonly TemplateSource[]): TemplateSource | undefined {
  const given = templates.filter(({ file }, at) => templates.findIndex((one) => one.file === file) === at);
  const main = given.find(({ text }) => /\bAWS::S3::Bucket\b(?!Policy)/.test(text)) ?? given[0];
  const beside = given.filter((one) => one !== main);
  return main && beside.length > 0 ? { ...main, beside } : main;
}

export function templateFiles(template: TemplateSource | undefined): readonly string[] {
  return template ? [template.file, ...(template.beside ?? []).map(({ file }) => file)] : [];
}

export interface SortedFiles {
  readonly events: readonly SourceDocument[];
  readonly scenarios: readonly string[];
  readonly policies: readonly GivenPolicy[];
  readonly settings: readonly GivenSetting[];
  readonly templates: readonly TemplateSource[];
  readonly unused: DocumentSet['unused'];
}

/** The folder of documents that were not named individually. */
interface Folder {
  readonly path: string;
  readonly name: string;
}

/**
 * Groups the documents into one set for each scenario and each event.
 *
 * @throws InputError if the same thing is given twice
 */
export function setsOf(
  { events, scenarios, policies, settings, templates, unused }: SortedFiles,
  folder: Folder | undefined,
): DocumentSet[] {
  const template = deployedTogether(templates);
  const documents = [
    ...new Set([
      ...policies.map(({ policy }) => policy.file),
      ...templateFiles(template),
      ...settings.map(({ file }) => file),
    ]),
  ];
  refuseSeveral(policies);
  refuseContradicted(policies, settings);
  if (scenarios.length > 0 && documents.length > 0) {
    throw new InputError(
      `${scenarios[0]}: is a scenario, which says all about both accounts: leave ${documents.join(', ')} out.`,
    );
  }
  const base = {
    policies,
    settings,
    unused,
    told: {},
    ...(template && { template: deploymentOf(template, settings) }),
  };
  if (scenarios.length > 0) {
    return scenarios.flatMap((scenario) =>
      events.length === 0
        ? [{ ...base, title: scenario, scenario }]
        : events.map((event) => ({ ...base, title: `${event.file} in ${scenario}`, event, scenario })),
    );
  }
  const title = folder?.path ?? documents[0] ?? '';
  if (events.length > 0) {
    return events.map((event) => ({
      ...base,
      ...aboutKey(base, keyIn(event), 'which the event does not name'),
      title: folder?.path ?? event.file,
      event,
    }));
  }
  if (documents.length > 0) return [{ ...base, title, customer: folder?.name ?? 'customer' }];
  const looked = unused.length > 0 ? ` Not used: ${unused.map(({ file, why }) => `${file} ${why}`).join('; ')}.` : '';
  throw new InputError(
    `${folder?.path}: holds no policy, template, test event or scenario as JSON or YAML.${looked} Name a folder that does, or give files with --bucket-policy, --key-policy and the like (--help).`,
  );
}

/** Includes parameters from files next to a template, but not the value of one in Parameter Store. */
function deploymentOf(source: TemplateSource, settings: readonly GivenSetting[]): NonNullable<DocumentSet['template']> {
  const merged = mergedSettings(settings.filter(({ part }) => part === ofStack.parameters || part === ofStack.name));
  const { [ofStack.parameters]: given = {}, [ofStack.name]: stackName } = Object.fromEntries(merged);
  const declared = declaredIn(source);
  const parameters = Object.fromEntries(
    Object.entries(given as Readonly<Record<string, string>>).filter(([name]) => declared.has(name)),
  );
  return { source, parameters, imports: {}, stackName: stackName as string | undefined };
}

/** Other files are rejected later, with the reason. */
function declaredIn(source: TemplateSource): ReadonlySet<string> {
  try {
    const declared = optional(readTemplate(source), 'Parameters', expectMap)?.entries ?? new Map<string, MapEntry>();
    const inStore = ({ value }: MapEntry) =>
      optional(expectMap(value), 'Type', expectString)?.startsWith('AWS::SSM::Parameter::Value<');
    return new Set([...declared].flatMap(([name, one]) => (inStore(one) ? [] : [name])));
  } catch (error) {
    if (error instanceof TemplateError) return new Set();
    throw error;
  }
}

/** A user's value takes precedence over a file's. */
export function deployedAs(
  { source, ...found }: NonNullable<DocumentSet['template']>,
  { parameters, imports, stackName }: TemplateDeployment,
): NonNullable<DocumentSet['template']> {
  const all = { ...found.parameters, ...parameters };
  return { source, parameters: all, imports, stackName: stackName ?? found.stackName };
}

/**
 * Leaves out answers about other keys, such as the service's.
 *
 * @param why the reason for leaving out the rest
 */
export function aboutKey(
  { settings, unused }: Pick<DocumentSet, 'settings' | 'unused'>,
  keyArn: string | undefined,
  why: string,
): Pick<DocumentSet, 'settings' | 'unused'> {
  const others = settings.filter((one) => !isOfKey(one, keyArn));
  const files = new Map(others.map((one) => [one.file, `is about the key ${one.keyArn}, ${why}`]));
  return {
    settings: settings.filter((one) => !others.includes(one)),
    unused: [...unused, ...[...files].map(([file, reason]) => ({ file, why: reason }))],
  };
}

function keyIn({ value }: SourceDocument): string | undefined {
  const { inbox } = (value ?? {}) as { readonly inbox?: { readonly kmsKeyArn?: string } };
  return inbox?.kmsKeyArn;
}

/** Rejects an answer that says there is no policy, next to a policy. */
function refuseContradicted(policies: readonly GivenPolicy[], settings: readonly GivenSetting[]): void {
  for (const { file, part } of settings) {
    const place = placeOfPart(part);
    const given = place && policies.find(({ slot }) => slot === place);
    if (given)
      throw new InputError(
        `${file} says that there is no ${places[place].title}, and ${given.policy.file} is one: leave one of them out.`,
      );
  }
}

function refuseSeveral(policies: readonly GivenPolicy[]): void {
  for (const slot of slotNames.filter((name) => !slots[name].several)) {
    const files = policies.filter((given) => given.slot === slot).map(({ policy }) => policy.file);
    if (files.length > 1) {
      throw new InputError(
        `${files.join(' and ')} would each be the ${slots[slot].title}: say which with --${slots[slot].option}.`,
      );
    }
  }
}
