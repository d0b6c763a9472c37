import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { DocumentSet, GivenPolicy, TemplateDeployment, Told } from '../../model/preflight/document-set.ts';
import { refuseMisplaced } from '../../model/preflight/misplaced.ts';
import { type SlotName, slotNames, slots } from '../../model/preflight/slots.ts';
import type { TemplateSource } from '../../model/template/node.ts';
import { readTemplate } from '../../model/template/read-template.ts';
import { TemplateError } from '../../model/template/template-error.ts';
import { parseSource, type SourceDocument } from '../../model/text/document.ts';
import { InputError } from '../input/input-error.ts';
import { type Collected, collect, eventsIn, filesIn, policyIn, Texts } from './collect-files.ts';

/** What a user wants to be checked, before anything is read. */
export interface PreflightInput {
  /** Folders, each a customer's; or files of one customer. */
  readonly paths: readonly string[];
  readonly events: readonly string[];
  readonly scenarios: readonly string[];
  readonly policies: Readonly<Partial<Record<SlotName, readonly string[]>>>;
  readonly template?: string;
  readonly deployment: TemplateDeployment;
  readonly told: Told;
}

/**
 * @returns a set for each folder, each scenario and each event
 * @throws InputError for what cannot be read, IAM would refuse, or could mean several things
 */
export async function documentSets(input: PreflightInput, stdin: Readable): Promise<readonly DocumentSet[]> {
  const texts = new Texts(stdin);
  const { folders, files } = await sorted(input);
  const collected = await filesOf(input, files, texts);
  const sets: DocumentSet[] = [];
  for (const folder of folders) sets.push(...setsOf(await collect(await filesIn(folder), texts, {}), folder));
  const isGiven = collected.events.length + collected.scenarios.length + collected.policies.length > 0;
  if (isGiven || collected.template) sets.push(...setsOf(collected, undefined));
  return sets.map((set) => ({
    ...set,
    told: input.told,
    ...(set.template && { template: { ...input.deployment, source: set.template.source } }),
  }));
}

/** Without any argument, the current folder is meant. */
async function sorted({ paths, events, scenarios, policies, template }: PreflightInput) {
  const isEmpty = [paths, events, scenarios, Object.keys(policies)].every((list) => list.length === 0) && !template;
  const folders: string[] = isEmpty ? ['.'] : [];
  const files: string[] = [];
  for (const path of paths) {
    const found = path === '-' ? undefined : await stat(path).catch(() => undefined);
    (found?.isDirectory() ? folders : files).push(path);
  }
  return { folders, files };
}

async function filesOf(input: PreflightInput, files: readonly string[], texts: Texts): Promise<Collected> {
  const given: SourceDocument[] = [];
  for (const file of input.events) given.push(...eventsIn(parseSource(await texts.of(file), file)));
  const found = await collect(files, texts, { mustBeUsed: true, given });
  const policies: GivenPolicy[] = [...found.policies];
  for (const slot of slotNames) {
    for (const file of input.policies[slot] ?? []) {
      const text = await texts.of(file);
      refuseMisplaced(slot, parseSource(text, file).value, file);
      policies.push(policyIn(slot, text, file));
    }
  }
  const events = [...found.events, ...given];
  const template = input.template === undefined ? found.template : await templateIn(input.template, texts);
  return {
    ...found,
    events,
    scenarios: [...found.scenarios, ...input.scenarios],
    policies,
    ...(template && { template }),
  };
}

/** Its reader keeps the places of values; where it cannot read a file, the reader of documents says better why. */
async function templateIn(file: string, texts: Texts): Promise<TemplateSource> {
  const source = { file, text: await texts.of(file) };
  try {
    readTemplate(source);
    return source;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    parseSource(source.text, file);
    throw new InputError(error.message);
  }
}

function setsOf(
  { events, scenarios, policies, template, unused }: Collected,
  folder: string | undefined,
): DocumentSet[] {
  const documents = [...policies.map(({ policy }) => policy.file), ...(template ? [template.file] : [])];
  refuseSeveral(policies);
  if (scenarios.length > 0 && documents.length > 0) {
    throw new InputError(
      `${scenarios[0]}: is a scenario, which says all about both accounts: leave ${documents.join(', ')} out.`,
    );
  }
  const base = {
    policies,
    unused,
    told: {},
    ...(template && { template: { source: template, parameters: {}, imports: {}, stackName: undefined } }),
  };
  if (scenarios.length > 0) {
    return scenarios.flatMap((scenario) =>
      events.length === 0
        ? [{ ...base, title: scenario, scenario }]
        : events.map((event) => ({ ...base, title: `${event.file} in ${scenario}`, event, scenario })),
    );
  }
  const title = folder ?? documents[0] ?? '';
  if (events.length > 0) return events.map((event) => ({ ...base, title: folder ?? event.file, event }));
  if (documents.length > 0)
    return [{ ...base, title, customer: folder === undefined ? 'customer' : basename(resolve(folder)) }];
  const looked = unused.length > 0 ? ` Not used: ${unused.map(({ file, why }) => `${file} ${why}`).join('; ')}.` : '';
  throw new InputError(
    `${folder}: holds no policy, template, test event or scenario as JSON or YAML.${looked} Name a folder that does, or give files with --bucket-policy, --key-policy and the like (--help).`,
  );
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
