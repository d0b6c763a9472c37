/**
 * Text in HTTP headers. Node.js reads and writes header bytes as ISO-8859-1; S3 reads and writes them as UTF-8.
 *
 * Recorded in https://github.com/localstack/localstack, tests/aws/services/s3/test_s3.snapshot.json
 */
export function textOfHeader(value: string): string {
  return isAscii(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
}

/** The inverse: the value to pass to Node.js so that it sends UTF-8. */
export function headerOfText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * Decodes each RFC 2047 word of a value: `=?UTF-8?B?YWJj?=` is `abc`.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function decodeRfc2047(value: string): string {
  return value.replace(/=\?utf-8\?([bq])\?([^?\s]*)\?=/gi, (_, encoding: string, text: string) =>
    (encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : quotedPrintable(text)).toString('utf8'),
  );
}

/** ASCII is sent unchanged; mostly ASCII becomes a Q word, the rest a B word. */
export function encodeRfc2047(text: string): string {
  const characters = [...text];
  const special = characters.filter((character) => !isPrintable(character)).length;
  if (special === 0) return text;
  return characters.length - special > special
    ? `=?UTF-8?Q?${toQuotedPrintable(text)}?=`
    : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function quotedPrintable(text: string): Buffer {
  const bytes = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function toQuotedPrintable(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (character === ' ') return '_';
      return byte > 32 && byte < 127 && !'=_?'.includes(character)
        ? character
        : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function isPrintable(character: string): boolean {
  return /^[\t\x20-\x7e]$/.test(character);
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
