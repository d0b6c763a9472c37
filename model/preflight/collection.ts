import type { TemplateSource } from '../template/node.ts';
import { readTemplate } from '../template/read-template.ts';
import { TemplateError } from '../template/template-error.ts';
import { parseSource, type SourceDocument, standardInput } from '../text/document.ts';
import { fileName } from '../text/file-name.ts';
import { InputError } from '../text/input-error.ts';
import { inputErrorOf } from '../text/positions.ts';
import { policyFileOf } from '../text/read-policy-file.ts';
import { notationOf } from '../text/text-tree.ts';
import type { Collected, GivenPolicy } from './document-set.ts';
import { type Guess, guess } from './guess.ts';
import { refuseMisplaced } from './misplaced.ts';
import { type PlaceName, places, slotNames } from './slots.ts';
import type { RenderedPolicy } from './terraform.ts';
import { wrongText } from './wrong-kinds.ts';

/** Sorts texts by what they hold. */
export class DocumentCollection {
  readonly #events: SourceDocument[] = [];
  readonly #scenarios: string[] = [];
  readonly #policies: GivenPolicy[] = [];
  readonly #templates: TemplateSource[] = [];
  readonly #rendered: GivenPolicy[] = [];
  readonly #unused: { file: string; why: string }[] = [];

  /** @param mustBeUsed whether a text that is no document of a delivery is a mistake */
  constructor(private readonly mustBeUsed: boolean) {}

  /**
   * @returns what it holds
   * @throws InputError for what cannot be read, or IAM would refuse
   */
  add(given: TemplateSource): Guess {
    const { file, text } = given;
    const { found, source } = lookAt(given, this.mustBeUsed);
    if (found.holds === 'policy') this.#policies.push(policyIn(found.slot, text, file));
    else if (found.holds === 'template') this.#templates.push(given);
    else if (found.holds === 'scenario') this.#scenarios.push(file);
    else if (found.holds === 'terraform') {
      this.#rendered.push(...found.policies.map((one) => renderedIn(file, one)));
      if (found.policies.length === 0) this.leaveOut(file, withoutPolicies(found.unknown));
    } else if (found.holds === 'event' && source) this.#events.push(...eventsIn(source));
    else if (found.holds === 'nothing') this.leaveOut(file, found.why);
    return found;
  }

  leaveOut(file: string, why: string): void {
    this.#unused.push({ file, why });
  }

  /** @param given events that were given by themselves */
  collected(given: readonly SourceDocument[]): Collected {
    const [events, scenarios, unused] = [this.#events, this.#scenarios, this.#unused];
    const policies = [...this.#policies, ...ofDelivery(this.#rendered, [...given, ...events])];
    const [refused] = unused;
    if (this.mustBeUsed && refused) throw new InputError(`${refused.file}: ${refused.why}.`);
    return { events, scenarios, policies, unused, templates: this.#templates };
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

interface LookedAt {
  readonly found: Guess;
  readonly source?: SourceDocument;
}

function lookAt({ file, text }: TemplateSource, mustBeUsed: boolean): LookedAt {
  // Some of it is YAML by accident, or is malformed in the eyes of a reader of YAML.
  const foreign = /\.json$/i.test(file) ? undefined : wrongText(text);
  if (foreign !== undefined) return { found: { holds: 'nothing', why: foreign } };
  const source = sourceUnlessForeign(text, file, mustBeUsed);
  if (source) return { found: guess(source.value, fileName(file)), source };
  return { found: { holds: 'nothing', why: text.trim() === '' ? 'is empty' : 'is neither JSON nor YAML' } };
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
    /\b(?:Version|Statement|Effect|Resources|inbox)\b/.test(text) || /policy|event|inbox/i.test(fileName(file));
  try {
    return parseSource(text, file);
  } catch (error) {
    if (error instanceof InputError && !isOurs && !mustBeUsed) return undefined;
    throw error;
  }
}

function policyIn(slot: PlaceName, text: string, file: string): GivenPolicy {
  return { slot, policy: policyFileOf(text, file === '-' ? standardInput : file, places[slot].kind) };
}

/**
 * A text that somebody says is a policy of this kind.
 *
 * @throws InputError where it is something else
 */
export function policyGivenAs(slot: PlaceName, { file, text }: TemplateSource): GivenPolicy {
  refuseMisplaced(slot, parseSource(text, file).value, file);
  return policyIn(slot, text, file);
}

/** Its reader keeps the places of values; where it cannot read a file, the reader of documents says better why. */
export function templateIn(source: TemplateSource): TemplateSource {
  try {
    readTemplate(source);
    return source;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    // In YAML both have the parser's own words, and it need not be asked twice while somebody types.
    if (notationOf(source.file, source.text) === 'json' || source.text.trim() === '')
      parseSource(source.text, source.file);
    throw inputErrorOf(error);
  }
}
