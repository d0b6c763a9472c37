import type { Denial, Diagnosis, Report } from '../../core/report.ts';
import {
  confidences,
  namesOf,
  type RemedyDocument,
  remedyDocuments,
  type Side,
  sideAndAccount,
  type Verdict,
  verdicts,
} from '../../core/vocabulary.ts';

/** `the customer (Account B, 222222222222)`. */
export function whoIs(side: Side, accountId: string | undefined): string {
  return `the ${sideAndAccount(side, accountId)}`;
}

/** Splits a text at backticks, which enclose text to type or look up. A backtick without a partner is a character. */
export function inParts<T>(text: string, plain: (part: string) => T, typed: (part: string) => T): readonly T[] {
  const parts = text.split('`');
  return parts.length % 2 === 0 ? [plain(text)] : parts.map((part, at) => (at % 2 === 0 ? plain(part) : typed(part)));
}

const documentsOf: Readonly<Record<RemedyDocument, string>> = {
  'identity-policy': 'A policy of',
  'role-trust-policy': 'The trust policy of',
  'bucket-policy': 'The bucket policy of',
  'key-policy': 'The key policy of',
};

/** `The bucket policy of secure-inbox-…`: the document that a remedy changes. */
export function place(document: RemedyDocument | undefined, target: string | undefined): string | undefined {
  if (!document) return target;
  return target ? `${documentsOf[document]} ${target}` : remedyDocuments[document];
}

type Statement = NonNullable<Denial['statement']>;

/** The statement and, if its document is a file, the position. */
export function statementName({ policy, sid, index, file, line, column }: Statement): string {
  const place = position({ file, line, column });
  return `${sid ?? `Statement number ${index + 1}`} of ${policy}${place ? ` (${place})` : ''}`;
}

/** `bucket-policy.json:12:3`, as editors accept it. */
export function position({ file, line, column }: Pick<Statement, 'file' | 'line' | 'column'>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** Leaves out the middle, because both ends of a path or a name say more. */
export function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = Math.max(Math.ceil((width - 1) / 2), 0);
  const tail = Math.max(width - 1 - head, 0);
  return `${text.slice(0, head)}…${tail === 0 ? '' : text.slice(-tail)}`.slice(0, Math.max(width, 0));
}

/** Shortens a name to 41 characters. */
export function shortenedName(name: string): string {
  return shortened(name, 41);
}

/** `denied at copy-to-inbox` */
export function verdictAt({ verdict, deniedStep }: { verdict: string; deniedStep?: string | undefined }): string {
  return deniedStep ? `${verdict} at ${deniedStep}` : verdict;
}

/** Verdicts that need action come first. */
export const worstVerdicts: readonly Verdict[] = ['denied', 'misconfigured', 'inconclusive', 'passed'];

/** `2 denied`, for each verdict that occurs. */
export function verdictCounts(found: readonly Verdict[], order: readonly Verdict[] = namesOf(verdicts)): string[] {
  const counts = order.map((verdict) => ({ verdict, many: found.filter((one) => one === verdict).length }));
  return counts.filter(({ many }) => many > 0).map(({ many, verdict }) => `${many} ${verdict}`);
}

export function meaningOf({ confidence, candidates }: Diagnosis): string {
  const isAlone = confidence === 'inferred' && candidates.length === 0;
  return isAlone ? 'The most likely explanation, and not a proven one.' : confidences[confidence];
}

/** `2026-11-22 21:04:05 UTC`, regardless of the reader's time zone. */
export function moment(instant: Date): string {
  if (Number.isNaN(instant.getTime())) return 'at an unreadable time';
  const [day = '', time = ''] = instant.toISOString().split('T');
  return `${day} ${time.slice(0, 8)} UTC`;
}

export function milliseconds(duration: number): string {
  return `${Math.round(duration)} ms`;
}

/** True if the verdict depends on facts that no document states, rather than on a failed check. */
export function isOpen({ verdict, steps, notes = [] }: Report): boolean {
  return (
    verdict === 'inconclusive' && steps.every(({ error }) => !error) && notes.some(({ kind }) => kind === 'unknown')
  );
}
