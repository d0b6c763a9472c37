import { printable } from '../../../core/printable.ts';
import type { Denial, Note, Report } from '../../../core/report.ts';
import type { NoteKind } from '../../../core/vocabulary.ts';
import type { LocatedFault, Place } from '../../../model/preflight/diagnoses.ts';
import { type ReadFile, readingOf } from '../../../model/preflight/reading.ts';
import { excerptAt, placed } from '../../../model/text/policy-file.ts';
import type { Preflight } from '../../preflight/analyze-documents.ts';
import type { FixedDocuments } from '../../preflight/fix-documents.ts';
import { position } from '../report-words.ts';
import { refusedBy } from './diagnosis.ts';
import { describeFault } from './expectation.ts';
import { fields, itemIndent as indent, joined, type Page, wrap } from './page.ts';
import { renderRemedy } from './remedy.ts';
import { headline } from './report.ts';
import { renderDelivery } from './steps.ts';

interface PreflightView {
  /** Names the set of documents, if there are several. */
  readonly title?: string;
}

export function renderPreflight(preflight: Preflight, page: Page, { title }: PreflightView = {}): string {
  const { report, faults, prepared } = preflight;
  const { files, assumed } = readingOf(prepared);
  const blocks = [
    title === undefined ? [] : wrap(title, page.width).map((line) => page.paint.strong(line)),
    readFiles(files, page),
    assumptions(assumed, page),
    notesOf(report, 'contradiction', page),
    headline(report, page),
    renderDelivery(report, page),
    notesOf(report, 'unknown', page),
    ...faults.map((fault, at) => renderFault(fault, at + 1, page)),
    notesOf(report, 'beyond-need', page),
  ];
  return joined(blocks);
}

function readFiles(files: readonly ReadFile[], { width }: Page): string[] {
  return files.length === 0
    ? []
    : fields(
        files.map(({ file, what }) => [file, what]),
        width,
        '  ',
      );
}

function assumptions(assumed: readonly string[], { width }: Page): string[] {
  if (assumed.length === 0) return [];
  return [
    ...wrap('As the documents say it, and where they say nothing assumed:', width, '  '),
    ...assumed.flatMap((text) => wrap(text, width, '    ', '  - ')),
  ];
}

function renderFault({ diagnosis, place }: LocatedFault, number: number, page: Page): string[] {
  const { width, paint } = page;
  const { denial, evidence, remedy, step, summary } = diagnosis;
  const rows: (readonly [string, string])[] = [
    ['step', step ?? ''],
    ['refused', [denial.action, denial.resource && `on ${denial.resource}`].filter(Boolean).join(' ')],
    ['by', refusedBy(place ? { ...diagnosis, denial: withoutStatement(denial) } : diagnosis)],
  ];
  if (place) rows.push(['where', whereIs(place, denial.statement)]);
  return [
    ...wrap(summary, width, indent, `  ${number}. `).map((line) => paint.strong(line)),
    ...fields(rows, width, indent),
    ...(place ? excerptLines(excerptAt(place.policy.text, place.focus, width - indent.length), page) : []),
    ...evidence.flatMap(({ detail }) => wrap(detail, width, indent)),
    ...renderRemedy(remedy, page),
  ];
}

function withoutStatement({ statement: _, ...denial }: Denial): Denial {
  return denial;
}

function whereIs({ policy, statement }: Place, denied: Denial['statement']): string {
  const name = denied ? `${denied.sid ?? `statement ${denied.index + 1}`}, ` : '';
  return `${name}${placed(policy.file, statement)}`;
}

/** Escapes the excerpt, because a policy may contain any text. */
function excerptLines(excerpt: string, { paint }: Page): string[] {
  return excerpt.split('\n').map((line) => paint.warn(`${indent}${printable(line)}`));
}

const headings: Readonly<Partial<Record<NoteKind, string>>> = {
  contradiction: 'AWS would refuse these documents, or they contradict each other',
  unknown: 'Not known',
  'beyond-need': 'Allowed beyond need (this does not change the verdict)',
};

function notesOf({ notes = [] }: Report, kind: NoteKind, { width, paint }: Page): string[] {
  const found = notes.filter((note) => note.kind === kind);
  if (found.length === 0) return [];
  const heading = paint.strong(`  ${kind === 'contradiction' ? '! ' : ''}${headings[kind] ?? kind}`);
  return [heading, ...found.flatMap((note) => wrap(textOf(note), width, '    ', '  - '))];
}

function textOf({ file, line, column, detail }: Note): string {
  const place = position({ file, line, column });
  return place === '' ? detail : `${place}: ${detail}`;
}

export function renderFixes(
  { title, directory, fixes, written, copied, byHand, left }: FixedDocuments,
  { width, paint }: Page,
): string {
  const bullet = (text: string) => wrap(text, width, '    ', '  - ');
  const wrote = written.length > 0 ? `wrote ${written.join(', ')}` : 'nothing to fix in the given documents';
  const beside =
    copied.length > 0 ? `; copied ${copied.join(', ')} as ${copied.length > 1 ? 'they are' : 'it is'}` : '';
  const lines = [
    ...wrap(`${title}: ${wrote}${beside}.`, width).map((line) => paint.strong(line)),
    ...fixes.flatMap(({ file, at, summary }) => bullet(`${placed(file, at)}: ${summary}`)),
    ...(byHand.length > 0 ? [paint.strong('  By hand:'), ...byHand.flatMap(bullet)] : []),
    ...(left.length > 0
      ? [
          paint.strong('  Left: not in these documents, or no change of them fixes it without granting more:'),
          ...left.flatMap((fault) => bullet(describeFault(fault))),
        ]
      : []),
    ...(written.length > 0 ? wrap(`Check them: \`secure-inbox preflight ${directory}\``, width, '  ') : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** For a user who may not know that the documents can be fixed. */
export function renderFixHint({ width }: Page): string {
  const hint = '--fix DIR writes these documents to a folder, with all fixes that are possible.';
  return `\n${wrap(hint, width, '  ').join('\n')}\n`;
}
