import { jsonOrNothing } from '../../core/json.ts';

/** The original text, before a program printed, mailed or quoted all of it. */
export function asWritten(text: string): string {
  const lines = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  return withoutPercents(withoutSoftBreaks(unquoted(lines)));
}

/** A message in a URL, such as a sign-in page's: `User%3A%20arn%3Aaws…`. */
function withoutPercents(text: string): string {
  if (!/not(?:%20|\+)authorized(?:%20|\+)to(?:%20|\+)perform/i.test(text)) return text;
  return text.replace(/\+/g, ' ').replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

/** Longer texts are files, not printed strings. */
const longestQuoted = 1_000_000;

/** A string as a program prints it, with quotation marks and escapes. */
function unquoted(text: string): string {
  let current = text;
  for (
    let level = 0;
    level < 4 && current.length < longestQuoted && /^\s*"(?:[^"\\\n]|\\.)*"\s*$/.test(current);
    level++
  ) {
    const inner = jsonOrNothing(current);
    if (inner === undefined) break;
    current = String(inner);
  }
  return current;
}

/** Mail in quoted-printable encoding: `=` at the end of a line continues it, and elsewhere starts a character code. */
function withoutSoftBreaks(text: string): string {
  const isMail =
    /^content-transfer-encoding:\s*quoted-printable/im.test(text) || (text.match(softBreak)?.length ?? 0) > 1;
  if (!isMail) return text;
  return text.replace(softBreak, '$1').replace(/(?:=[0-9A-F]{2})+/g, (codes) => {
    return Buffer.from(codes.replaceAll('=', ''), 'hex').toString('utf8');
  });
}

/** https://www.rfc-editor.org/rfc/rfc2045#section-6.7: at most 76 characters, of which encoders use almost all. */
const softBreak = /^(.{60,75})=\n(?=.)/gm;
