/** A YAML text taken apart: its largest section's entries, and all that is around them. */
interface YamlBlocks {
  readonly section: string;
  /** The place of its key. */
  readonly sectionFrom: number;
  /** Each begins and ends with its lines. */
  readonly parts: readonly { readonly from: number; readonly to: number }[];
  /** The text with one short entry in place of all of them. */
  readonly frame: string;
  /** Added to the frame's offsets behind the section. */
  readonly shift: number;
}

/** For a smaller text, parsing the whole is as quick. */
const shortest = 4_000;

/** Text that could affect another part, or is a document of its own. */
const reaching = /^(?:---|\.\.\.|%)|(?:^|[\s[,{])[&*][^\s,[\]{}"']/m;

const section = 'Resources';
const sectionStart = new RegExp(`^${section}:[ \\t]*(?:#[^\\n]*)?\\r?\\n`, 'm');

/**
 * A template's resources by their lines: undefined where the text is not laid out so plainly that each of them can be
 * parsed by itself.
 */
export function blocksOf(text: string): YamlBlocks | undefined {
  if (text.length < shortest || reaching.test(text)) return undefined;
  const found = sectionStart.exec(text);
  if (!found) return undefined;
  const bodyFrom = found.index + found[0].length;
  const starts: number[] = [];
  let indentation: number | undefined;
  let at = bodyFrom;
  while (at < text.length) {
    const lineTo = text.indexOf('\n', at) + 1 || text.length;
    const depth = indentationOf(text, at, lineTo);
    if (depth === 0) break;
    if (depth !== undefined) {
      indentation ??= depth;
      if (depth < indentation) return undefined;
      if (depth === indentation) {
        if (!keyLine.test(text.slice(at, lineTo))) return undefined;
        starts.push(at);
      }
    }
    at = lineTo;
  }
  const [first] = starts;
  if (first === undefined || indentation === undefined || text.slice(bodyFrom, at).includes('\t')) return undefined;
  const placeholder = `${' '.repeat(indentation)}x: 0\n`;
  return {
    section,
    sectionFrom: found.index,
    parts: starts.map((from, nth) => ({ from, to: starts[nth + 1] ?? at })),
    frame: text.slice(0, first) + placeholder + text.slice(at),
    shift: at - first - placeholder.length,
  };
}

const keyLine = /^ +(?:[\w:.-]+|"[\w:.-]+"|'[\w:.-]+')[ ]*:(?:\s|$)/;

/** Undefined for a line that is empty or a comment. */
function indentationOf(text: string, from: number, to: number): number | undefined {
  let at = from;
  while (at < to && text.charCodeAt(at) === 0x20) at += 1;
  const letter = text[at];
  return at >= to || letter === '\n' || letter === '\r' || letter === '#' ? undefined : at - from;
}
