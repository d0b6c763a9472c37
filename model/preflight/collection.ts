import { isObject } from '../../core/json.ts';
import type { TemplateSource } from '../template/node.ts';
import { readTemplate } from '../template/read-template.ts';
import { parseSource, type SourceDocument, standardInput } from '../text/document.ts';
import { InputError } from '../text/input-error.ts';
import { fileName } from '../text/policy-file.ts';
import { policyFileOf } from '../text/read-policy-file.ts';
import { type Inner, openedAnswer, withoutPolicyName } from './answers.ts';
import type { GivenPolicy, SortedFiles } from './document-set.ts';
import { type Guess, guess } from './guess.ts';
import { refuseMisplaced, refuseNoTemplate } from './misplaced.ts';
import { ofDelivery, type Plan, withoutPolicies } from './of-delivery.ts';
import { type GivenSetting, noBucketPolicy, saysNoBucketPolicy } from './settings.ts';
import { type PlaceName, places, type SlotName, slots, slotsAnswered } from './slots.ts';
import { policiesUnreadIn, type WrongKind, wrongText } from './wrong-kinds.ts';

export class DocumentCollection {
  readonly #events: SourceDocument[] = [];
  readonly #scenarios: string[] = [];
  readonly #policies: GivenPolicy[] = [];
  readonly #templates: TemplateSource[] = [];
  readonly #settings: GivenSetting[] = [];
  readonly #plans: Plan[] = [];
  readonly #unused: { file: string; why: string }[] = [];
  /** Files that seem to contain a policy but can't be read as one, with the places that it may take. */
  readonly #unread: { file: string; why: string; slots: readonly SlotName[] }[] = [];
  /** Source files that may contain any document. */
  readonly #sources: { file: string; why: string }[] = [];

  /** @param mustBeUsed whether a text that is not a document of a delivery is an error */
  constructor(private readonly mustBeUsed: boolean) {}

  /**
   * @returns what the file contains
   * @throws InputError if it can't be read, or IAM would reject it
   */
  add({ file, text: whole }: TemplateSource, among?: readonly SlotName[]): Guess {
    const text = withoutPolicyName(whole);
    const given = { file, text };
    const { found, source, inner } = lookAt(given, this.mustBeUsed, among);
    if (inner.length > 0) {
      const all = inner.map((one) => this.add({ file: virtualFile(file, one), text: one.text }, one.slots));
      const [first = found] = all;
      return all.find(({ holds }) => holds === 'doubtful') ?? all.find(({ holds }) => holds !== 'nothing') ?? first;
    }
    if (found.holds === 'policy') this.#policies.push(policyIn(found.slot, text, file, source));
    else if (found.holds === 'template') this.#templates.push(given);
    else if (found.holds === 'scenario') this.#scenarios.push(file);
    else if (found.holds === 'terraform') {
      this.#plans.push({ file, ...found });
      if (found.rendered.length === 0) this.leaveOut(file, { why: withoutPolicies(found), isSource: true }, text);
      this.#unread.push(...found.untold.map(({ why, slot }) => ({ file, why, slots: [slot] })));
    } else if (found.holds === 'event' && source) for (const event of eventsIn(source)) this.#events.push(event);
    else if (found.holds === 'settings') this.#settings.push(...found.settings.map((one) => ({ ...one, file })));
    else if (found.holds === 'nothing') {
      if (found.lacks) this.#unread.push({ file, why: found.why, slots: found.lacks });
      if (found.isAnswer) throw new InputError(`${file}: ${found.why}.`);
      this.leaveOut(file, found, found.isUnknown || found.isSource ? text : undefined);
    }
    return found;
  }

  /** @param text text that may contain policies */
  leaveOut(file: string, kind: WrongKind, text: string | undefined): void {
    const { why, isSource } = kind;
    this.#unused.push({ file, why });
    if (isSource) this.#sources.push({ file, why });
    const unread = text === undefined ? [] : policiesUnreadIn(file, text, kind);
    if (unread.length > 0) this.#unread.push({ file, why, slots: unread });
  }

  /**
   * False if no policy can be missing, so that subfolders need not be searched.
   *
   * @param known places of policies that were given separately
   */
  mayLackPolicy(known: readonly PlaceName[]): boolean {
    if (this.#hasOtherSources()) return false;
    const found = [...known, ...this.#policies.map(({ slot }) => slot)];
    return needed.some((slot) => !found.includes(slot));
  }

  /** A template or a scenario provides the policies that are not given separately. */
  #hasOtherSources(): boolean {
    return this.#templates.length > 0 || this.#scenarios.length > 0;
  }

  /** A file in a subfolder is not used, but if it may contain a missing policy, none is assumed. */
  leaveInside(source: TemplateSource): void {
    const inside = new DocumentCollection(false);
    try {
      inside.add(source);
    } catch (error) {
      if (error instanceof InputError) return;
      throw error;
    }
    const places = [
      ...inside.#policies.map(({ slot }) => slot),
      ...inside.#plans.flatMap(({ rendered }) => rendered.map(({ slot }) => slot)),
      ...inside.#unread.flatMap(({ slots: some }) => some),
      ...(inside.#templates.length > 0 ? needed : []),
    ];
    const why = 'is in a subfolder, which is not read: give the subfolder itself, or put its files beside the others';
    const some = needed.filter((slot) => places.includes(slot));
    if (some.length > 0) this.#unread.push({ file: source.file, why, slots: some });
  }

  /**
   * @param given events that were given separately
   * @param known places of policies that were given separately
   */
  collected(given: readonly SourceDocument[], known: readonly PlaceName[] = []): SortedFiles {
    const [events, scenarios] = [this.#events, this.#scenarios];
    const [refused] = this.#unused;
    if (this.mustBeUsed && refused) throw new InputError(`${refused.file}: ${refused.why}.`);
    const rendered = ofDelivery(this.#plans, [...given, ...events]);
    const policies = [...this.#policies, ...rendered.policies];
    const settings = [...this.#settings, ...rendered.settings];
    const unused = [...this.#unused, ...rendered.unused];
    this.#unread.push(...rendered.unread);
    this.#refuseUnread([...known, ...policies.map(({ slot }) => slot), ...slotsAnswered(settings)]);
    return { events, scenarios, policies, unused, settings, templates: this.#templates };
  }

  /** If a policy is missing, the shipped template's would be used instead of what is in such a file. */
  #refuseUnread(known: readonly PlaceName[]): void {
    if (this.#hasOtherSources()) return;
    const isMissing = (name: SlotName) => !known.includes(name);
    const sources = known.length === 0 ? this.#sources.map((one) => ({ ...one, slots: needed })) : [];
    for (const { file, why, slots: some } of [...this.#unread, ...sources]) {
      const missing = some.find(isMissing);
      if (missing !== undefined)
        throw new InputError(
          `${file}: ${why}. No other file is the ${slots[missing].title}: give that policy alone, an object with "Version" and "Statement".`,
        );
    }
  }
}

const needed = ['bucketPolicy', 'keyPolicy'] as const;

/** The contents of an answer are treated as a file with its own lines. */
function virtualFile(file: string, { at, text }: Inner): string {
  return `${file}#${at}.${/^\s*["{[]/.test(text) ? 'json' : 'yaml'}`;
}

export function eventsIn(source: SourceDocument): readonly SourceDocument[] {
  const { value } = source;
  const batch = isObject(value) ? value['customers'] : undefined;
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
  /** Documents within the file. */
  readonly inner: readonly Inner[];
}

function lookAt({ file, text }: TemplateSource, mustBeUsed: boolean, among?: readonly SlotName[]): LookedAt {
  const nothing = (why: string): LookedAt => ({ found: { holds: 'nothing', why }, inner: [] });
  if (saysNoBucketPolicy(text))
    return { found: { holds: 'settings', settings: [{ file, ...noBucketPolicy }] }, inner: [] };
  // Some foreign files happen to be valid YAML, or are invalid only as YAML.
  const foreign = /\.json$/i.test(file) && !/^\s*An error occurred/.test(text) ? undefined : wrongText(text);
  if (foreign !== undefined) return { found: { holds: 'nothing', ...foreign, isUnknown: true }, inner: [] };
  // The output file of a failed command. Its name shows what it should have contained.
  if (text.trim() === '') return { found: { holds: 'nothing', why: 'is empty', isUnknown: true }, inner: [] };
  const source = sourceUnlessForeign(text, file, mustBeUsed);
  if (!source) return nothing('is neither JSON nor YAML');
  const opened = openedAnswer(source.value, fileName(file));
  if (opened && 'why' in opened) return { found: { holds: 'nothing', ...opened }, inner: [] };
  return { found: guess(source.value, fileName(file), among), source, inner: opened ?? [] };
}

/** A folder may contain unrelated files. A file that starts like one of our documents is not unrelated. */
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

function policyIn(slot: PlaceName, text: string, file: string, source?: SourceDocument): GivenPolicy {
  return { slot, policy: policyFileOf(text, file === '-' ? standardInput : file, places[slot].kind, source) };
}

/**
 * A text that the user says is a policy of this kind.
 *
 * @throws InputError if it is something else
 */
export function policyGivenAs(slot: PlaceName, { file, text: whole }: TemplateSource): GivenPolicy {
  const text = withoutPolicyName(whole);
  const source = parseSource(text, file);
  const { value } = source;
  // The option says which kind of policy a managed policy is.
  const opened = openedAnswer(value, slot === 'permissionsBoundary' ? 'boundary' : fileName(file));
  const [only, ...others] = opened && !('why' in opened) ? opened : [];
  if (only && others.length === 0) return policyGivenAs(slot, { file: virtualFile(file, only), text: only.text });
  refuseMisplaced(slot, value, file);
  return policyIn(slot, text, file, source);
}

/** @throws InputError if it is not a template */
export function templateIn(source: TemplateSource): TemplateSource {
  if (source.text.trim() === '') parseSource(source.text, source.file);
  const keys = [...readTemplate(source).entries.keys()];
  if (keys.includes('TemplateBody')) return templateInAnswer(source);
  refuseNoTemplate(keys, source.file);
  return source;
}

function templateInAnswer({ file, text }: TemplateSource): TemplateSource {
  const opened = openedAnswer(parseSource(text, file).value, fileName(file));
  const [only] = opened && !('why' in opened) ? opened : [];
  return only ? templateIn({ file: virtualFile(file, only), text: only.text }) : { file, text };
}
