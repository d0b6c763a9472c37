import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { eventsIn, policyGivenAs, templateIn } from '../../model/preflight/collection.ts';
import {
  type DocumentSet,
  deployedAs,
  type GivenPolicy,
  type SortedFiles,
  setsOf,
  type TemplateDeployment,
  type Told,
} from '../../model/preflight/document-set.ts';
import { noBucketPolicy, saysNoBucketPolicy } from '../../model/preflight/settings.ts';
import { places, type SlotName, slotNames } from '../../model/preflight/slots.ts';
import type { TemplateSource } from '../../model/template/node.ts';
import { parseSource, type SourceDocument } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import { collectFiles, filesBelow, Texts } from './collect-files.ts';

export interface PreflightInput {
  /** Folders, one per customer; or files of one customer. */
  readonly paths: readonly string[];
  readonly events: readonly string[];
  readonly scenarios: readonly string[];
  readonly policies: Readonly<Partial<Record<SlotName, readonly string[]>>>;
  /** The customer's own templates. If there are several, all are deployed. */
  readonly templates: readonly string[];
  readonly deployment: TemplateDeployment;
  readonly told: Told;
}

/**
 * @returns a set for each folder, scenario and event
 * @throws InputError for input that can't be read, IAM would reject, or is ambiguous
 */
export async function documentSets(input: PreflightInput, stdin: Readable): Promise<readonly DocumentSet[]> {
  const texts = new Texts(stdin);
  const { folders, files } = await sorted(input);
  const collected = await filesOf(input, files, texts);
  const { events, scenarios, policies, templates, settings } = collected;
  const isGiven = [events, scenarios, policies, templates, settings].some((given) => given.length > 0);
  // Documents that were given separately belong to the only customer.
  const besides = isGiven && folders.length === 1 ? collected : undefined;
  const sets: DocumentSet[] = [];
  for (const folder of folders) {
    const found = await collectFiles(await filesIn(folder, input, files), texts, {
      given: events,
      folder,
      places: policies.map(({ slot }) => slot),
    });
    const all = besides ? combined(besides, found) : found;
    for (const set of setsOf(all, { path: folder, name: basename(resolve(folder)) })) sets.push(set);
  }
  if (isGiven && !besides) for (const set of setsOf(collected, undefined)) sets.push(set);
  refusePointless(input, sets);
  return sets.map((set) => ({
    ...set,
    told: input.told,
    ...(set.template && { template: deployedAs(set.template, input.deployment) }),
  }));
}

/** The files of a folder that were not given separately. */
async function filesIn(
  folder: string,
  { events, policies, templates, scenarios }: PreflightInput,
  files: readonly string[],
): Promise<readonly string[]> {
  const given = [...events, ...Object.values(policies).flat(), ...templates, ...scenarios, ...files];
  const others = new Set(given.map((file) => resolve(file)));
  return (await filesBelow(folder)).filter((file) => !others.has(resolve(file)));
}

/** An option replaces a folder's document. */
function combined(given: SortedFiles, found: SortedFiles): SortedFiles {
  const taken = new Set(given.policies.map(({ slot }) => slot).filter((slot) => !places[slot].several));
  const instead = found.policies.filter(({ slot }) => taken.has(slot));
  const why = 'an option gives another';
  return {
    events: given.events.length > 0 ? given.events : found.events,
    scenarios: [...given.scenarios, ...found.scenarios],
    policies: [...given.policies, ...found.policies.filter((one) => !instead.includes(one))],
    templates: given.templates.length > 0 ? given.templates : found.templates,
    settings: [...given.settings, ...found.settings],
    unused: [...given.unused, ...found.unused, ...instead.map(({ policy }) => ({ file: policy.file, why }))],
  };
}

/** Rejects an option that has no effect, because it would seem to have one. */
function refusePointless({ deployment, told }: PreflightInput, sets: readonly DocumentSet[]): void {
  const { parameters, imports, stackName } = deployment;
  const ofTemplates = [
    ...(Object.keys(parameters).length > 0 ? ['--parameter'] : []),
    ...(Object.keys(imports).length > 0 ? ['--import'] : []),
    ...(stackName === undefined ? [] : ['--stack-name']),
  ];
  if (ofTemplates.length > 0 && sets.every(({ template }) => template === undefined)) {
    throw new InputError(
      `${ofTemplates.join(', ')}: is about a template, and none was given. Give it with --inbox-template FILE.`,
    );
  }
  const hasPolicy = ({ policies, scenario }: DocumentSet) =>
    scenario !== undefined || policies.some(({ slot }) => slot === 'serviceControlPolicy');
  if (told.scpReplacesFullAccess && !sets.some(hasPolicy)) {
    throw new InputError(
      "--scp-replaces-full-access: says that the given service control policies are all there are, and none was given for the service's account. Give them with --service-control-policy FILE.",
    );
  }
}

async function sorted({ paths, events, scenarios, policies, templates }: PreflightInput) {
  const others = [events, scenarios, templates, Object.keys(policies)];
  return folderOrFiles(
    paths,
    others.some(({ length }) => length > 0),
  );
}

/** Without any argument, uses the current folder. */
export async function folderOrFiles(paths: readonly string[], hasOther: boolean) {
  const isEmpty = paths.length === 0 && !hasOther;
  const folders: string[] = isEmpty ? ['.'] : [];
  const files: string[] = [];
  for (const path of paths) {
    const found = path === '-' ? undefined : await stat(path).catch(() => undefined);
    (found?.isDirectory() ? folders : files).push(path);
  }
  return { folders, files };
}

async function filesOf(input: PreflightInput, files: readonly string[], texts: Texts): Promise<SortedFiles> {
  const given: SourceDocument[] = [];
  for (const file of input.events) {
    for (const event of eventsIn(parseSource(await texts.of(file), file))) given.push(event);
  }
  const found = await collectFiles(files, texts, { mustBeUsed: true, given });
  const policies: GivenPolicy[] = [...found.policies];
  const settings = [...found.settings];
  for (const slot of slotNames) {
    for (const file of input.policies[slot] ?? []) {
      const text = await texts.of(file);
      if (slot === 'bucketPolicy' && saysNoBucketPolicy(text)) settings.push({ file, ...noBucketPolicy });
      else policies.push(policyGivenAs(slot, { file, text }));
    }
  }
  const events = [...found.events, ...given];
  const templates: TemplateSource[] = [];
  for (const file of input.templates) templates.push(templateIn({ file, text: await texts.of(file) }));
  return {
    ...found,
    events,
    scenarios: [...found.scenarios, ...input.scenarios],
    policies,
    settings,
    templates: [...templates, ...found.templates],
  };
}
