/**
 * Removes what SDKs, shells, log formats and mail add to a message: JSON and XML escapes, colors, gutters and line
 * breaks. AWS's wording is then searched in the text without whitespace, because a message may be broken anywhere.
 */
export function unwrap(raw: string): string {
  return joinHardWraps(
    withoutEmphasis(unquoteLines(unescapeXml(unescapeJson(raw)))).replace(/[\u200b\u2060\ufeff]/g, ''),
  )
    .replace(/[\u2010\u2011\u2012\u2013]/g, '-')
    .replace(/\u00ab\s*|(?:(?<!\s)\s+)?\u00bb/g, '"')
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"');
}

/** Removes Markdown and HTML emphasis around the names in a sentence. */
function withoutEmphasis(text: string): string {
  return text
    .replace(/<\/?(?:b|i|u|em|strong|code|tt|span|mark)(?:\s[^<>]{0,200})?>/gi, '')
    .replace(/(?<![*\w/:])\*\*(?!\*)([^*\n]{1,300})\*\*(?![*\w])/g, '$1')
    .replace(/`([^`\n]{1,2000})`/g, '$1')
    .replace(quotedName, '$1$2')
    .replace(/(\bon\s{1,200}resource:?\s{1,200})'([^'\n]{1,2000})'/gi, '$1"$2"');
}

/** Quotation marks that someone put around a principal, an action or an ARN in a sentence. */
const quotedName =
  /(\bUser:?\s{1,200}|\bperform:?\s{1,200}|\bthe\s{1,200}|\bresource:?\s{1,200}(?=<))["'<]((?:arn|[a-z0-9-]{1,40}):[^"'<>\s]{1,2000})["'>]/gi;

/** A text without its whitespace, with the original position of each character. */
export interface Compact {
  readonly text: string;
  readonly at: readonly number[];
}

export function compact(text: string): Compact {
  const at: number[] = [];
  let without = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (/\s/.test(character)) continue;
    without += character;
    at.push(index);
  }
  return { text: without, at };
}

/** Log lines may contain JSON within JSON; each pass removes one level. */
function unescapeJson(text: string): string {
  let current = text;
  for (let level = 0; level < 4; level++) {
    const next = current
      .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/(?<!\\)\\[nr]/g, '\n')
      .replace(/(?<!\\)\\t/g, '\t')
      .replace(/(?<!\\)\\(["'/])/g, '$1')
      .replace(/\\\\/g, '\\');
    if (next === current) break;
    current = next;
  }
  return current;
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ', amp: '&' };

/** A page or log may show escaped XML that contains escaped quotation marks: `&amp;quot;`. */
function unescapeXml(text: string): string {
  return unescapedOnce(unescapedOnce(text));
}

function unescapedOnce(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-fA-F]{1,5})|(\w{2,4}));/g, (whole, decimal, hex, name) => {
    if (name) return entities[name as string] ?? whole;
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Removes colors, Terraform's gutter, quotation marks of mail, and the pieces of a printed string literal. */
function unquoteLines(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' escape sequences begin with one
  const plain = text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/\r\n?/g, '\n');
  return withoutFrame(plain).replace(/(["'`])\s*\+\s*\n\s*\1/g, '');
}

/** Removes the box or gutter that a tool draws around lines, and the marks of quoted mail. Keeps the number of lines. */
export function withoutFrame(text: string): string {
  return text.replace(/^[ \t]*[│┃╷╵╭╰]+|[ \t]*[│┃╮╯]+[ \t]*$/gm, '').replace(/^(?:> ?)+/gm, '');
}

/** If lines have equal length, they were wrapped at that width, and the line breaks mean nothing. */
function joinHardWraps(text: string): string {
  const lines = text.replace(/\n+$/, '').split('\n');
  const width = lines[0]?.length ?? 0;
  const last = lines.at(-1)?.length ?? 0;
  const hardWrapped =
    lines.length > 2 && width >= 20 && last <= width && lines.slice(0, -1).every((line) => line.length === width);
  return hardWrapped ? lines.join('') : text;
}
