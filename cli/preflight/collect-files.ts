import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { DocumentSet, GivenPolicy } from '../../model/preflight/document-set.ts';
import { type Guess, guess } from '../../model/preflight/guess.ts';
import { type SlotName, slotNames, slots } from '../../model/preflight/slots.ts';
import type { RenderedPolicy } from '../../model/preflight/terraform.ts';
import { wrongName, wrongText } from '../../model/preflight/wrong-kinds.ts';
import type { TemplateSource } from '../../model/template/node.ts';
import { parseSource, type SourceDocument, standardInput } from '../../model/text/document.ts';
import { policyFileOf } from '../../model/text/read-policy-file.ts';
import { InputError } from '../input/input-error.ts';
import { readText } from '../input/read-text.ts';

/** What some files hold, each by its content. */
export interface Collected {
  readonly events: readonly SourceDocument[];
  readonly scenarios: readonly string[];
  readonly policies: readonly GivenPolicy[];
  readonly template?: TemplateSource;
  readonly unused: DocumentSet['unused'];
}

/** Each file is read once, however often it is named. */
export class Texts {
  readonly #read = new Map<string, Promise<string>>();

  constructor(private readonly stdin: Readable) {}

  of(file: string): Promise<string> {
    const text = this.#read.get(file) ?? readText(file, this.stdin, { strictly: true });
    this.#read.set(file, text);
    return text;
  }
}

/** An event file may hold a batch. */
export function eventsIn(source: SourceDocument): readonly SourceDocument[] {
  const { value } = source;
  const batch = typeof value === 'object' && value !== null && 'customers' in value ? value.customers : undefined;
  if (!Array.isArray(batch)) return [source];
  return batch.map((event: unknown, at) => ({
    ...source,
    value: event,
    lineOf: (path) => source.lineOf(['customers', at, ...path]),
  }));
}

const documentFile = /\.(?:json|ya?ml|template)$/i;

export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const isLookedAt = (name: string) => documentFile.test(name) || wrongName(name) !== undefined;
  const names = entries.filter((entry) => entry.isFile() && isLookedAt(entry.name)).map(({ name }) => name);
  return names.sort().map((name) => (folder === '.' ? name : join(folder, name)));
}

export async function collect(
  files: readonly string[],
  texts: Texts,
  { mustBeUsed = false, given = [] }: { readonly mustBeUsed?: boolean; readonly given?: readonly SourceDocument[] },
): Promise<Collected> {
  const events: SourceDocument[] = [];
  const scenarios: string[] = [];
  const policies: GivenPolicy[] = [];
  const templates: TemplateSource[] = [];
  const rendered: GivenPolicy[] = [];
  const unused: { file: string; why: string }[] = [];
  for (const file of files) {
    const { found, source, text } = await lookAt(file, texts, mustBeUsed);
    if (found.holds === 'policy') policies.push(policyIn(found.slot, text, file));
    else if (found.holds === 'template') templates.push({ file, text });
    else if (found.holds === 'scenario') scenarios.push(file);
    else if (found.holds === 'terraform') {
      rendered.push(...found.policies.map((one) => renderedIn(file, one)));
      if (found.policies.length === 0) unused.push({ file, why: withoutPolicies(found.unknown) });
    } else if (found.holds === 'event' && source) events.push(...eventsIn(source));
    else if (found.holds === 'doubtful') throw doubtful(file, found.slots);
    else if (found.holds === 'nothing') unused.push({ file, why: found.why });
  }
  policies.push(...ofDelivery(rendered, [...given, ...events]));
  const [refused] = unused;
  if (mustBeUsed && refused) throw new InputError(`${refused.file}: ${refused.why}.`);
  const [template, another] = templates;
  if (another)
    throw new InputError(
      `${template?.file} and ${another.file} are both templates: give one of them with --inbox-template.`,
    );
  return { events, scenarios, policies, unused, ...(template && { template }) };
}

interface LookedAt {
  readonly found: Guess;
  readonly source?: SourceDocument;
  readonly text: string;
}

async function lookAt(file: string, texts: Texts, mustBeUsed: boolean): Promise<LookedAt> {
  const byName = mustBeUsed ? undefined : wrongName(file);
  if (byName !== undefined) return { found: { holds: 'nothing', why: byName }, text: '' };
  const text = await texts.of(file);
  // Some of it is YAML by accident, or is malformed in the eyes of a reader of YAML.
  const foreign = /\.json$/i.test(file) ? undefined : wrongText(text);
  if (foreign !== undefined) return { found: { holds: 'nothing', why: foreign }, text };
  const source = sourceUnlessForeign(text, file, mustBeUsed);
  if (source) return { found: guess(source.value, basename(file)), source, text };
  return { found: { holds: 'nothing', why: text.trim() === '' ? 'is empty' : 'is neither JSON nor YAML' }, text };
}

/** Terraform keeps policies as texts within a text, so that they get lines of their own. */
function renderedIn(file: string, { address, slot, document }: RenderedPolicy): GivenPolicy {
  return policyIn(slot, JSON.stringify(document, null, 2), `${file}#${address}.json`);
}

function withoutPolicies(unknown: readonly string[]): string {
  const rest = unknown.length > 0 ? `: those of ${unknown.join(', ')} are known only after it is applied` : '';
  return `is a plan or state of Terraform in which no policy of a bucket or key is known${rest}`;
}

/** Of several policies of a kind those that are about the event's bucket, or that name its role. */
function ofDelivery(rendered: readonly GivenPolicy[], events: readonly SourceDocument[]): readonly GivenPolicy[] {
  const marks = events.flatMap(({ value }) => {
    const { inbox, deliveryRoleArn } = (value ?? {}) as { inbox?: { bucket?: string }; deliveryRoleArn?: string };
    return [inbox?.bucket && `:::${inbox.bucket}`, deliveryRoleArn].flatMap((mark) => mark || []);
  });
  return slotNames.flatMap((slot) => {
    const some = rendered.filter((one) => one.slot === slot);
    const told = marks
      .map((mark) => some.filter(({ policy }) => policy.text.includes(mark)))
      .find((found) => found.length === 1);
    return some.length > 1 && told ? told : some;
  });
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

export function policyIn(slot: SlotName, text: string, file: string): GivenPolicy {
  return { slot, policy: policyFileOf(text, file === '-' ? standardInput : file, slots[slot].kind) };
}
