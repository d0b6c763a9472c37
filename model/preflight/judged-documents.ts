import { asError, defined } from '../../core/values.ts';
import type { TemplateSource } from '../template/node.ts';
import { parseSource, type SourceDocument } from '../text/document.ts';
import { InputError } from '../text/input-error.ts';
import type { StackTemplates } from '../world/scenario.ts';
import { DocumentCollection, eventsIn, policyGivenAs, templateIn } from './collection.ts';
import {
  type DocumentSet,
  deployedAs,
  deployedTogether,
  type GivenPolicy,
  type SortedFiles,
  type Stated,
  setsOf,
  type TemplateDeployment,
} from './document-set.ts';
import type { Guess } from './guess.ts';
import { MisplacedError } from './misplaced.ts';
import { saysNoBucketPolicy } from './settings.ts';
import { placeOfPart, places, type SlotName, slots, slotsAnswered } from './slots.ts';
import { toldFrom, validTold } from './stated-facts.ts';

/** A user's text, and its kind if stated. */
export interface DocumentToJudge {
  readonly id: string;
  /** The file's name. Its extension may show the format. */
  readonly name: string;
  readonly text: string;
  /** A policy's part of a scenario, `template` or `event`. @default recognized by content */
  readonly as?: string;
}

export interface JudgeRequest {
  readonly documents: readonly DocumentToJudge[];
  readonly told: Readonly<Record<string, string | boolean>>;
  readonly deployment: Partial<TemplateDeployment>;
  /** A test event, used if none of the documents is one. */
  readonly event?: unknown;
  /** Facts that take precedence over the documents. */
  readonly stated?: Stated;
  readonly templates: StackTemplates;
  /** True if only the documents' kinds are requested. */
  readonly kindsOnly?: boolean;
}

export interface Recognized {
  readonly id: string;
  readonly what: string;
  /** Same values as {@link DocumentToJudge.as}. */
  readonly kind?: string;
  readonly used: boolean;
}

export interface JudgedProblem {
  readonly document?: string;
  /** For an answer, its field in {@link JudgeRequest.told}. */
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Documents sorted by content. Problems of a document are not thrown. */
export interface JudgedDocuments {
  readonly recognized: readonly Recognized[];
  readonly problems: readonly JudgedProblem[];
  readonly template?: TemplateSource;
  readonly set?: DocumentSet;
  readonly idOf: (file: string) => string | undefined;
}

export function judgedDocuments(request: JudgeRequest): JudgedDocuments {
  const sources = withDistinctNames(request.documents);
  const idOf = (file: string) => sources.find((one) => one.file === file || file.startsWith(`${one.file}#`))?.id;
  const problems: JudgedProblem[] = [];
  const attempt = <T>(read: () => T, document?: string): T | undefined => {
    try {
      return read();
    } catch (error) {
      for (const problem of problemsIn(error, idOf, document)) problems.push(problem);
      return undefined;
    }
  };

  const collection = new DocumentCollection(false);
  const events: SourceDocument[] = [];
  const policies: GivenPolicy[] = [];
  const templates: TemplateSource[] = [];
  const recognized = sources.map((source): Recognized => {
    const { id, as } = source;
    const found = attempt(() => {
      if (source.text.trim() === '') return { id, what: 'is empty', used: false };
      const place = as === undefined ? undefined : placeOfPart(as);
      if (place === 'bucketPolicy' && saysNoBucketPolicy(source.text)) {
        return { id, ...recognizedAs(collection.add(source)), kind: places[place].part };
      }
      if (place) {
        policies.push(policyGivenAs(place, source));
        return { id, what: places[place].title, kind: places[place].part, used: true };
      }
      if (as === 'template') templates.push(templateIn(source));
      else if (as === 'event') for (const event of eventsIn(parseSource(source.text, source.file))) events.push(event);
      else {
        const guessed = collection.add(source);
        if (guessed.holds === 'doubtful') problems.push({ document: id, message: doubtful(guessed.slots) });
        return { id, ...recognizedAs(guessed) };
      }
      return { id, ...wholeDocuments[as], kind: as, used: true };
    }, id);
    return found ?? { id, what: 'cannot be read', used: false, ...(as !== undefined && { kind: as }) };
  });
  const collected = attempt(() =>
    collection.collected(
      events,
      policies.map(({ slot }) => slot),
    ),
  );
  templates.push(...(collected?.templates ?? []));
  const template = deployedTogether(templates);
  const told = attempt(() => validTold(toldFrom(request.told)));
  const set = attempt(() => {
    if (!collected || !told) return undefined;
    policies.push(...collected.policies);
    for (const event of collected.events) events.push(event);
    problems.push(...secondPolicies(policies, idOf));
    if (problems.length > 0) return undefined;
    const standIn = request.event === undefined ? [] : [{ file: 'test event', value: request.event, lineOf: () => 1 }];
    const all = {
      ...collected,
      // A scenario refers to files, which are not read here.
      scenarios: [],
      events: events.length > 0 ? events : standIn,
      policies,
      templates,
    };
    return setOf(all, told, request);
  });
  return { recognized, problems, idOf, ...(template && { template }), ...(set && { set }) };
}

function setOf(found: SortedFiles, told: DocumentSet['told'], { deployment, stated }: JudgeRequest): DocumentSet {
  const { parameters = {}, imports = {}, stackName } = deployment;
  const { policies, events, templates, settings } = found;
  const isNothing = [policies, events, templates, slotsAnswered(settings)].every(({ length }) => length === 0);
  const nothing: DocumentSet = {
    title: '',
    customer: 'customer',
    policies: [],
    settings: [],
    told: {},
    unused: found.unused,
  };
  const [set = nothing] = isNothing ? [nothing] : setsOf(found, undefined);
  return {
    ...set,
    told,
    ...(stated && { stated }),
    ...(stated?.customer && { customer: stated.customer }),
    ...(set.template && { template: deployedAs(set.template, { parameters, imports, stackName }) }),
  };
}

const wholeDocuments = {
  template: { what: 'template of the Secure Inbox' },
  event: { what: 'test event' },
} as const;

function recognizedAs(found: Guess): Omit<Recognized, 'id'> {
  switch (found.holds) {
    case 'policy':
      return { what: places[found.slot].title, kind: places[found.slot].part, used: true };
    case 'template':
    case 'event':
      return { ...wholeDocuments[found.holds], kind: found.holds, used: true };
    case 'terraform':
      return { what: 'plan or state of Terraform', used: found.rendered.length > 0 };
    case 'settings':
      return { what: found.settings.map(({ title }) => title).join(', '), used: true };
    case 'scenario':
      return { what: 'is a scenario of the command line', used: false };
    case 'nothing':
      return { what: found.why, used: false };
    case 'doubtful':
      return { what: 'is a policy that could be several things', used: false };
  }
}

function doubtful(candidates: readonly SlotName[]): string {
  const titles = candidates.map((slot) => slots[slot].title);
  return `is a policy that could be several things: ${titles.join(', or ')}. Choose what it is checked as.`;
}

/** Each document after the first, for kinds that an account can only have one of. */
function secondPolicies(policies: SortedFiles['policies'], idOf: JudgedDocuments['idOf']): readonly JudgedProblem[] {
  return policies.flatMap(({ slot, policy: { file } }, at) => {
    const first = policies.findIndex((other) => other.slot === slot);
    const document = idOf(file);
    if (first === at || document === undefined || places[slot].several) return [];
    const message = `${file} would be a second ${places[slot].title}, beside ${policies[first]?.policy.file}. Remove one of them, or choose what it is checked as.`;
    return [{ document, message }];
  });
}

type NamedDocument = DocumentToJudge & TemplateSource;

function withDistinctNames(documents: readonly DocumentToJudge[]): readonly NamedDocument[] {
  const taken = new Set<string>();
  return documents.map((document) => {
    let file = document.name;
    for (let nth = 2; taken.has(file); nth++) file = document.name.replace(/(\.[^.]*)?$/, ` (${nth})$1`);
    taken.add(file);
    return { ...document, file, text: document.text.replace(/^\uFEFF/, '') };
  });
}

/** Returns user errors as data. Any other error is a bug, but must not lose the user's documents. */
export function problemsIn(error: unknown, idOf: JudgedDocuments['idOf'], document?: string): readonly JudgedProblem[] {
  if (!(error instanceof InputError)) {
    const message = `This could not be judged: ${asError(error).message}`;
    return [{ ...(document !== undefined && { document }), message }];
  }
  if (error instanceof MisplacedError && document !== undefined)
    return [{ document, message: `${error.withoutOptions} Choose what it is checked as.` }];
  return error.problems.map(({ file, field, message, line, column }) => {
    const [, named = '', rest = message] = /^(.+?): ([\s\S]*)$/.exec(message) ?? [];
    return {
      ...defined({ document: document ?? idOf(file ?? named), field, line, column }),
      message: file === undefined && idOf(named) !== undefined ? rest : message,
    };
  });
}
