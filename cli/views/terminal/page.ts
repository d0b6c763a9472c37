import pc from 'picocolors';
import { printable } from '../../../core/printable.ts';
import type { StepStatus, Verdict } from '../../../core/vocabulary.ts';
import { type CommandSurroundings, type Output, wantsColor } from '../../command.ts';

/** The only facts about a terminal that the views need. */
export interface Page {
  /** The width of prose, which is hard to read in very long lines. */
  readonly width: number;
  /** The width of tables, which use all columns. */
  readonly columns: number;
  readonly paint: Paint;
}

type Paint = Readonly<Record<'good' | 'bad' | 'warn' | 'faint' | 'strong', (text: string) => string>>;

/** @param columns the width of the terminal; undefined without one */
export function pageFor(columns: number | undefined, color: boolean): Page {
  const { green, red, yellow, dim, bold } = pc.createColors(color);
  const room = Math.min(Math.max(columns ?? 100, 40), 200);
  return {
    width: Math.min(room, 120),
    columns: room,
    paint: { good: green, bad: red, warn: yellow, faint: dim, strong: bold },
  };
}

export function pageOn(
  surroundings: CommandSurroundings,
  { color }: { readonly color: boolean },
  output: Output = surroundings.stdout,
): Page {
  return pageFor(output.columns, wantsColor(surroundings, output, color));
}

/** The indentation of a numbered item's text below its first line. */
export const itemIndent = '     ';

/**
 * Breaks text between words. A word that is longer than the line, such as an ARN, stays whole so that it can be copied.
 *
 * @param indent before each line; `first` replaces it on the first one
 */
export function wrap(text: string, width: number, indent = '', first = indent): string[] {
  const lines: string[] = [];
  for (const paragraph of printable(text.replaceAll('\t', ' ')).split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && indent.length + longer.length > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines.map((line, at) => `${at === 0 ? first : indent}${line}`.trimEnd());
}

/** Blocks of lines with an empty line between them; empty blocks are left out. */
export function joined(blocks: readonly (readonly string[])[]): string {
  const texts = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n').trimEnd());
  return `${texts.join('\n\n')}\n`;
}

/** Lines of `label  text`, with the texts aligned and wrapped. */
export function fields(
  rows: readonly (readonly [label: string, text: string])[],
  width: number,
  indent: string,
): string[] {
  // If a label leaves no room for its text, such as a long path, it goes on a line above.
  const isLong = (label: string) => label.length > width / 2;
  const column = Math.max(2, ...rows.flatMap(([label]) => (isLong(label) ? [] : [label.length]))) + 2;
  const margin = `${indent}${' '.repeat(column)}`;
  return rows.flatMap(([label, text]) =>
    isLong(label)
      ? [`${indent}${label}`, ...wrap(text, width, margin, margin)]
      : wrap(text, width, margin, `${indent}${label.padEnd(column)}`),
  );
}

/** Shortens ARNs in sentences to their identifying part. The whole ARN is shown elsewhere. */
const forms: readonly (readonly [pattern: RegExp, short: string])[] = [
  [/arn:[\w-]+:kms:[\w-]*:\d*:key\/(?:(\w{8})-[\w-]*(\w{4})|([\w-]+))/g, 'key/$1…$2$3'],
  [/arn:[\w-]+:s3:::/g, ''],
  [/arn:[\w-]+:sts::\d*:assumed-role\//g, ''],
  [/arn:[\w-]+:iam::\d*:(role|user)\//g, '$1 '],
];

export function withShortNames(text: string): string {
  return forms.reduce((shorter, [pattern, short]) => shorter.replace(pattern, short), text).replaceAll('key/…', 'key/');
}

/** Each status has its own mark, so that nothing depends on color. */
export const statusMarks = {
  passed: { mark: '✓', tone: 'good' },
  denied: { mark: '✗', tone: 'bad' },
  failed: { mark: '!', tone: 'bad' },
  skipped: { mark: '·', tone: 'faint' },
} as const satisfies Readonly<Record<StepStatus, { mark: string; tone: keyof Page['paint'] }>>;

export const verdictMarks = {
  passed: { mark: '✓', tone: 'good' },
  denied: { mark: '✗', tone: 'bad' },
  misconfigured: { mark: '!', tone: 'bad' },
  inconclusive: { mark: '?', tone: 'warn' },
} as const satisfies Readonly<Record<Verdict, { mark: string; tone: keyof Page['paint'] }>>;
