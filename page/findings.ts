import { shortenedName } from '../cli/views/report-words.ts';
import { partRow, policyPartNames } from '../core/parts.ts';
import type { Report } from '../core/report.ts';
import type { Judgment, PageSettings } from './contract.ts';
import type { Desk, DeskDocument } from './desk.ts';
import { kinds } from './kinds.ts';
import { tooLong } from './problems.ts';

/** A change that someone applied. */
export interface Applied {
  readonly document: DeskDocument;
  readonly summary: string;
  /** The whole text after it. */
  readonly after: string;
}

export interface FindingsInput {
  readonly desk: Desk;
  /** Sentences about files that could not be read. */
  readonly unreadable: readonly string[];
  readonly applied: readonly Applied[];
  readonly answers: ReadonlyMap<string, string>;
  readonly settings: PageSettings;
}

/** A judgment with what only the page knows: the documents' titles and changes. */
export interface PageFindings extends Judgment {
  readonly report?: Report;
  /** Titles of the checked documents, and of those that the shipped template replaces. */
  readonly checked: readonly string[];
  readonly shipped: readonly string[];
  /** Readable documents that are not used. */
  readonly unused: readonly { readonly name: string; readonly what: string }[];
  /** The last change that was applied, while it can be undone. */
  readonly lastApplied: Applied | undefined;
  /** Summaries of applied changes that are not saved yet. */
  readonly applied: readonly string[];
  readonly changed: readonly DeskDocument[];
  readonly answers: ReadonlyMap<string, string>;
  readonly customer: string | undefined;
  /** The title of a document, by its id. */
  readonly titleOf: (id: string | undefined) => string | undefined;
  /** The id of the document with this name. */
  readonly idOf: (name: string | undefined) => string | undefined;
}

export function findingsOf(
  judgment: Judgment,
  { desk, unreadable, applied, answers, settings }: FindingsInput,
): PageFindings {
  const { recognized, problems } = judgment;
  const titleOf = (id: string | undefined) => {
    const document = desk.byId(id);
    return document && (kinds[document.kind ?? '']?.title ?? shortenedName(document.name));
  };
  const used = recognized.filter((one) => one.used).map(({ id }) => id);
  const has = (kind: string) => used.some((id) => desk.byId(id)?.kind === kind);
  const missing = has('template') ? [] : shippedKinds.filter((kind) => !has(kind));
  const isWrong = (id: string) => problems.some(({ document }) => document === id);
  const changed = desk.changed();
  const last = applied.at(-1);
  return {
    ...judgment,
    problems: [...problems, ...desk.tooLong().map(tooLong), ...unreadable.map((message) => ({ message }))],
    checked: used.flatMap((id) => titleOf(id) ?? []),
    shipped: missing.flatMap((kind) => kinds[kind]?.title ?? []),
    unused: recognized
      .filter(({ id, used: isUsed }) => !isUsed && !isWrong(id))
      .map(({ id, what }) => ({ name: shortenedName(desk.byId(id)?.name ?? id), what })),
    lastApplied: last && last.document.editor.text === last.after ? last : undefined,
    applied: applied.filter(({ document }) => changed.includes(document)).map(({ summary }) => summary),
    changed,
    answers,
    customer: (settings.event as { readonly customer?: string } | undefined)?.customer,
    titleOf,
    idOf: (name) => desk.documents.find((one) => one.name === name && one.editor.length > 0)?.id,
  };
}

const shippedKinds = policyPartNames.filter((part) => part.startsWith('customer.') && partRow(part).inTemplates);
