/** A YAML text split into the entries of its largest section, and everything around them. */
interface YamlBlocks {
  readonly section: string;
  /** The position of its key. */
  readonly sectionFrom: number;
  /** Each part consists of whole lines. */
  readonly parts: readonly { readonly from: number; readonly to: number }[];
  /** The text with one short entry instead of all of them. */
  readonly frame: string;
  /** Added to the frame's offsets after the section. */
  readonly shift: number;
}

/** A smaller text is parsed just as fast as a whole. */
const shortest = 4_000;

/** Text that could affect another part, or that starts another document. */
const reaching = /^(?:---|\.\.\.|%)|(?:^|[\s[,{])[&*][^\s,[\]{}"']/m;

const section = 'Resources';
const sectionStart = new RegExp(`^${section}:[ \\t]*(?:#[^\\n]*)?\\r?\\n`, 'm');

/**
 * Splits a template's resources by lines. Undefined if the text is not formatted so that each resource can be parsed
 * separately.
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

/** Undefined for an empty line or a comment. */
function indentationOf(text: string, from: number, to: number): number | undefined {
  let at = from;
  while (at < to && text.charCodeAt(at) === 0x20) at += 1;
  const letter = text[at];
  return at >= to || letter === '\n' || letter === '\r' || letter === '#' ? undefined : at - from;
}
