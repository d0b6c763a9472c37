import { endOfLine, type Piece, type Range, restOf, type Taken, type TextEvent } from './event.ts';
import { normalized } from './fields.ts';
import { eventsOfRecord } from './records.ts';

/** Normalized names of columns that identify a table of events or messages. */
const columns: ReadonlySet<string> = new Set([
  'eventname',
  'errorcode',
  'errormessage',
  'message',
  'httpstatus',
  'useridentityarn',
  'requestparameters',
  'cloudtrailevent',
  'raw',
  'logicalresourceid',
  'resourcestatusreason',
]);

const separators = [',', '\t', ';', '|'] as const;
const headerName = /^[\w@. :/()#-]{1,80}$/;
const mostHeaderLength = 4_000;

/** Tables as CSV, tab-separated, or drawn with bars: exports from the console, Athena, Logs Insights, or a database. */
export function tables(piece: Piece): Taken {
  const header = headerIn(piece.text);
  if (!header) return { events: [], rest: [piece] };
  const events: TextEvent[] = [];
  const line = piece.line + count(piece.text.slice(0, header.from));
  let to = header.to;
  let at = 1;
  for (const row of rowsOf(piece.text, header)) {
    to = row.to;
    if (row.cells.length < 2 && header.names.length > 1) continue;
    const record = Object.create(null) as Record<string, string>;
    header.names.forEach((name, index) => {
      record[name] ??= row.cells[index] ?? '';
    });
    events.push(...eventsOfRecord(record, line + at));
    at += count(piece.text.slice(row.from, row.to));
  }
  const taken: Range[] = [{ from: header.from, to }];
  return { events, rest: restOf(piece, taken) };
}

interface Header {
  readonly from: number;
  /** Where the rows start. */
  readonly to: number;
  readonly separator: (typeof separators)[number];
  readonly names: readonly string[];
}

function headerIn(text: string): Header | undefined {
  let from = 0;
  for (let number = 0; number < 200 && from < text.length; number++) {
    const to = Math.min(endOfLine(text, from) + 1, text.length);
    const found = to - from <= mostHeaderLength ? headerOf(text.slice(from, to).trim()) : undefined;
    if (found) return { from, to, ...found };
    from = to;
  }
  return undefined;
}

function headerOf(line: string): Pick<Header, 'separator' | 'names'> | undefined {
  for (const separator of separators) {
    const names = cellsOfLine(line, separator).map((cell) => cell.trim());
    const isHeader = names.length > 1 && names.every((name) => headerName.test(name));
    if (isHeader && names.some((name) => columns.has(normalized(name)))) return { separator, names };
  }
  const alone = line.replace(/^"|"$/g, '');
  return alone === '@message' ? { separator: ',', names: [alone] } : undefined;
}

interface Row extends Range {
  readonly cells: readonly string[];
}

function* rowsOf(text: string, { to, separator }: Header): Generator<Row> {
  let from = to;
  while (from < text.length) {
    const row =
      separator === ',' || separator === ';' ? quotedRow(text, from, separator) : plainRow(text, from, separator);
    const isRule = row.cells.every((cell) => /^[\s:+-]*$/.test(cell));
    if (!isRule) yield row;
    from = row.to;
  }
}

function plainRow(text: string, from: number, separator: string): Row {
  const to = Math.min(endOfLine(text, from) + 1, text.length);
  return { from, to, cells: cellsOfLine(text.slice(from, to).trimEnd(), separator).map(unquoted) };
}

function cellsOfLine(line: string, separator: string): readonly string[] {
  const cells =
    separator === '|'
      ? line
          .replace(/^\s*\|/, '')
          .replace(/\|\s*$/, '')
          .split('|')
      : line.split(separator);
  return separator === '\t' ? cells : cells.map((cell) => unquoted(cell.trim()));
}

function unquoted(cell: string): string {
  return /^".*"$/s.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** https://www.rfc-editor.org/rfc/rfc4180: a quoted cell may contain line breaks. */
function quotedRow(text: string, from: number, separator: string): Row {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      while (at < text.length && text[at] !== separator && text[at] !== '\n') at++;
    } else {
      const end = endOfCell(text, at, separator);
      cells.push(text.slice(at, end).trim());
      at = end;
    }
    if (at >= text.length) return { from, to: text.length, cells };
    if (text[at] === '\n') return { from, to: at + 1, cells };
    at++;
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return text.length;
}

function endOfCell(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n') at++;
  return at;
}

function count(text: string): number {
  return text.match(/\n/g)?.length ?? 0;
}
