import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { readTemplate } from '../../model/template/read-template.ts';
import { TemplateError } from '../../model/template/template-error.ts';
import type { PolicyFile } from '../documents/policy-file.ts';
import { policyFileOf } from '../documents/read-policy-file.ts';
import { parseSource, type SourceDocument, standardInput } from '../input/document.ts';
import { InputError } from '../input/input-error.ts';
import { readText } from '../input/read-text.ts';
import { type Guess, guess } from './guess.ts';
import { refuseMisplaced } from './misplaced.ts';
import { type SlotName, slotNames, slots } from './slots.ts';
import type { Told } from './suppositions.ts';

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

/** What a user says of the deployment of a template. */
export interface TemplateDeployment {
  readonly parameters: Readonly<Record<string, string>>;
  /** Values from other stacks and services, by what the template calls them. */
  readonly imports: Readonly<Record<string, string>>;
  readonly stackName: string | undefined;
}

/** One customer's documents. */
export interface DocumentSet {
  readonly title: string;
  /** What to call the customer where no event does. */
  readonly customer?: string;
  readonly event?: SourceDocument;
  readonly scenario?: string;
  readonly policies: readonly GivenPolicy[];
  readonly template?: TemplateDeployment & { readonly file: string };
  readonly told: Told;
  /** Files that were found in a folder, and why they are not used. */
  readonly unused: readonly { readonly file: string; readonly why: string }[];
}

export interface GivenPolicy {
  readonly slot: SlotName;
  readonly policy: PolicyFile;
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
  if (isGiven || collected.template !== undefined) sets.push(...setsOf(collected, undefined));
  return sets.map((set) => ({
    ...set,
    told: input.told,
    ...(set.template && { template: { ...input.deployment, file: set.template.file } }),
  }));
}

interface Collected {
  readonly events: readonly SourceDocument[];
  readonly scenarios: readonly string[];
  readonly policies: readonly GivenPolicy[];
  readonly template?: string;
  readonly unused: DocumentSet['unused'];
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

/** Each file is read once, however often it is named. */
class Texts {
  readonly #read = new Map<string, Promise<string>>();

  constructor(private readonly stdin: Readable) {}

  of(file: string): Promise<string> {
    const text = this.#read.get(file) ?? readText(file, this.stdin);
    this.#read.set(file, text);
    return text;
  }
}

async function filesOf(input: PreflightInput, files: readonly string[], texts: Texts): Promise<Collected> {
  const found = await collect(files, texts, { mustBeUsed: true });
  const policies: GivenPolicy[] = [...found.policies];
  for (const slot of slotNames) {
    for (const file of input.policies[slot] ?? []) {
      const text = await texts.of(file);
      refuseMisplaced(slot, parseSource(text, file).value, file);
      policies.push(policyIn(slot, text, file));
    }
  }
  const events: SourceDocument[] = [...found.events];
  for (const file of input.events) events.push(...eventsIn(parseSource(await texts.of(file), file)));
  const template = input.template ?? found.template;
  if (input.template !== undefined) await refuseUnlessTemplate(input.template, texts);
  return {
    ...found,
    events,
    scenarios: [...found.scenarios, ...input.scenarios],
    policies,
    ...(template !== undefined && { template }),
  };
}

/** Its reader keeps the places of values; where it cannot read a file, the reader of documents says better why. */
async function refuseUnlessTemplate(file: string, texts: Texts): Promise<void> {
  const text = await texts.of(file);
  try {
    readTemplate(file);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    parseSource(text, file);
    throw new InputError(error.message);
  }
}

/** An event file may hold a batch. */
function eventsIn(source: SourceDocument): readonly SourceDocument[] {
  const { value } = source;
  const batch = typeof value === 'object' && value !== null && 'customers' in value ? value.customers : undefined;
  if (!Array.isArray(batch)) return [source];
  return batch.map((event: unknown, at) => ({
    ...source,
    value: event,
    lineOf: (path) => source.lineOf(['customers', at, ...path]),
  }));
}

const documentFile = /\.(?:json|ya?ml)$/i;

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && documentFile.test(entry.name)).map(({ name }) => name);
  return names.sort().map((name) => (folder === '.' ? name : join(folder, name)));
}

async function collect(
  files: readonly string[],
  texts: Texts,
  { mustBeUsed = false }: { readonly mustBeUsed?: boolean },
): Promise<Collected> {
  const events: SourceDocument[] = [];
  const scenarios: string[] = [];
  const policies: GivenPolicy[] = [];
  const templates: string[] = [];
  const unused: { file: string; why: string }[] = [];
  for (const file of files) {
    const text = await texts.of(file);
    const source = sourceUnlessForeign(text, file, mustBeUsed);
    const found: Guess = source
      ? guess(source.value, basename(file))
      : { holds: 'nothing', why: text.trim() === '' ? 'is empty' : 'is neither JSON nor YAML' };
    if (found.holds === 'policy') policies.push(policyIn(found.slot, text, file));
    else if (found.holds === 'template') templates.push(file);
    else if (found.holds === 'scenario') scenarios.push(file);
    else if (found.holds === 'event' && source) events.push(...eventsIn(source));
    else if (found.holds === 'doubtful') throw doubtful(file, found.slots);
    else if (found.holds === 'nothing') unused.push({ file, why: found.why });
  }
  const [refused] = unused;
  if (mustBeUsed && refused) throw new InputError(`${refused.file}: ${refused.why}.`);
  const [template, another] = templates;
  if (another !== undefined)
    throw new InputError(`${template} and ${another} are both templates: give one of them with --inbox-template.`);
  return { events, scenarios, policies, unused, ...(template !== undefined && { template }) };
}

/** In a folder there may be files that are no business of ours; one that was begun as a document of ours is. */
function sourceUnlessForeign(text: string, file: string, mustBeUsed: boolean): SourceDocument | undefined {
  const isOurs =
    /\b(?:Version|Statement|Effect|Resources|inbox)\b/.test(text) || /policy|event|inbox/i.test(basename(file));
  try {
    return parseSource(text, file);
  } catch (error) {
    if (error instanceof InputError && !isOurs && !mustBeUsed) return undefined;
    throw error;
  }
}

function doubtful(file: string, places: readonly SlotName[]): InputError {
  const options = places.map((slot) => `--${slots[slot].option} for the ${slots[slot].title}`);
  return new InputError(`${file}: is a policy that could be several things. Say which: ${options.join('; ')}.`);
}

function policyIn(slot: SlotName, text: string, file: string): GivenPolicy {
  return { slot, policy: policyFileOf(text, file === '-' ? standardInput : file, slots[slot].kind) };
}

function setsOf(
  { events, scenarios, policies, template, unused }: Collected,
  folder: string | undefined,
): DocumentSet[] {
  const documents = [...policies.map(({ policy }) => policy.file), ...(template ? [template] : [])];
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
    ...(template !== undefined && { template: { file: template, parameters: {}, imports: {}, stackName: undefined } }),
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
