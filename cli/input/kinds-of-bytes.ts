/** What a file is that is no text, by how it begins. */
const signatures: readonly { readonly bytes: readonly number[]; readonly is: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], is: 'a ZIP archive (as are .docx and .xlsx): give the files that are in it' },
  { bytes: [0x50, 0x4b, 0x05, 0x06], is: 'an empty ZIP archive' },
  { bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], is: 'a PDF: copy the text that matters to a file' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], is: 'an image (PNG): give the text' },
  { bytes: [0xff, 0xd8, 0xff], is: 'an image (JPEG): give the text' },
  { bytes: [0x42, 0x5a, 0x68], is: 'compressed with bzip2: give what is in it' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: 'compressed with zstd: give what is in it' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], is: 'compressed with xz: give what is in it' },
];

/** Undefined for what may be text. */
export function kindOfBytes(bytes: Buffer): string | undefined {
  const found = signatures.find((signature) => signature.bytes.every((byte, at) => bytes[at] === byte));
  if (found) return found.is;
  const [even, odd] = zerosIn(bytes.subarray(0, 200));
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !hasMark && even > 0.4 !== odd > 0.4 ? 'UTF-16 without a byte order mark: save it as UTF-8' : undefined;
}

/** The share of zeros among the bytes at even and at odd places. */
function zerosIn(bytes: Buffer): readonly [number, number] {
  const share = (rest: number) => {
    const some = [...bytes].filter((_, at) => at % 2 === rest);
    return some.length < 4 ? 0 : some.filter((byte) => byte === 0).length / some.length;
  };
  return [share(0), share(1)];
}

/** Where bytes are no UTF-8, in words; undefined where they are. */
export function notUtf8(bytes: Buffer): string | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    const before = validPrefix(bytes);
    const line = before.split('\n').length;
    const byte = (bytes[Buffer.byteLength(before)] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    return `is not UTF-8: line ${line} has the byte 0x${byte}, as Latin-1 and Windows-1252 write letters such as é and ü. Save the file as UTF-8.`;
  }
}

/** The text up to the first byte that is none of UTF-8. */
function validPrefix(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) {
    const before = text.slice(0, at);
    const offset = Buffer.byteLength(before);
    if (!bytes.subarray(offset, offset + 3).equals(Buffer.from('\ufffd'))) return before;
  }
  return text;
}
