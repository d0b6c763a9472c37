import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import { AwsError } from '../wire/operation.ts';
import { element } from '../wire/xml.ts';
import { invalidRequest } from './errors.ts';

type Headers = Readonly<Record<string, string>>;

interface Algorithm {
  readonly bytes: number;
  readonly of: (data: Buffer) => Buffer;
}

/** Keyed by the name in `x-amz-checksum-NAME`. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  crc32: { bytes: 4, of: crc32 },
  crc32c: { bytes: 4, of: crc32c },
  crc64nvme: { bytes: 8, of: crc64nvme },
  sha1: { bytes: 20, of: (data) => createHash('sha1').update(data).digest() },
  sha256: { bytes: 32, of: (data) => createHash('sha256').update(data).digest() },
};

/**
 * The checksums to store with an object: the one in the request, after comparing it with the body, else CRC64NVME.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function verifiedChecksums(headers: Headers, body: Buffer): Readonly<Record<string, string>> {
  verifyContentMd5(headers['content-md5'], body);
  const name = sentAlgorithm(headers);
  if (name === undefined) return checksum(requestedAlgorithm(headers['x-amz-sdk-checksum-algorithm']), body);
  const provided = headers[`x-amz-checksum-${name}`] ?? '';
  if (!isBase64Of(algorithms[name]?.bytes ?? 0, provided)) {
    throw invalidRequest(`Value for x-amz-checksum-${name} header is invalid.`);
  }
  const computed = checksum(name, body);
  if (computed[name] !== provided) {
    throw new AwsError(
      'BadDigest',
      400,
      `The ${name.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
  return computed;
}

export function sentAlgorithm(headers: Headers): string | undefined {
  const sent = Object.keys(algorithms).filter((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  if (sent.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  return sent[0];
}

/** @param name an algorithm, in lower case */
export function checksum(name: string, body: Buffer): Readonly<Record<string, string>> {
  return { [name]: algorithms[name]?.of(body).toString('base64') ?? '' };
}

/** The checksum of the parts' checksums, followed by the number of parts, as S3 writes it. */
export function compositeChecksum(name: string, ofParts: readonly string[]): string {
  const bytes = Buffer.concat(ofParts.map((part) => Buffer.from(part, 'base64')));
  return `${checksum(name, bytes)[name]}-${ofParts.length}`;
}

/** `CRC32: value` as an element of an answer: `ChecksumCRC32`. */
export function checksumElements(checksums: Readonly<Record<string, string>>): string[] {
  return Object.entries(checksums).map(([name, value]) => element(`Checksum${name.toUpperCase()}`, value));
}

/** The algorithm in a header, in lower case; without the header, S3's default. */
export function requestedAlgorithm(header: string | undefined, otherwise = 'crc64nvme'): string {
  const name = header?.toLowerCase() ?? otherwise;
  if (!Object.hasOwn(algorithms, name)) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  return name;
}

function verifyContentMd5(provided: string | undefined, body: Buffer): void {
  if (provided === undefined) return;
  if (!isBase64Of(16, provided)) {
    throw new AwsError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', { 'Content-MD5': provided });
  }
  const calculated = createHash('md5').update(body).digest('base64');
  if (calculated === provided) return;
  throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
    // S3 writes the expected digest in hexadecimal and the calculated one in base64.
    ExpectedDigest: Buffer.from(provided, 'base64').toString('hex'),
    CalculatedDigest: calculated,
  });
}

function isBase64Of(bytes: number, text: string): boolean {
  const decoded = Buffer.from(text, 'base64');
  return decoded.length === bytes && decoded.toString('base64') === text;
}

/**
 * The cyclic redundancy checks of S3. All are reflected, with all bits set in the initial value and the final XOR.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function crc32c(data: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (crc32cTable[(crc ^ byte) & 0xff] ?? 0);
  return bigEndian(~crc);
}

export function crc32(data: Buffer): Buffer {
  return bigEndian(zlib.crc32(data));
}

function bigEndian(...words: readonly number[]): Buffer {
  const result = Buffer.alloc(4 * words.length);
  for (const [at, word] of words.entries()) result.writeUInt32BE(word >>> 0, 4 * at);
  return result;
}

/** Computes with two 32-bit halves, because bigints are a hundred times slower. */
export function crc64nvme(data: Buffer): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of data) {
    const entry = ((low ^ byte) & 0xff) * 2;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Table[entry + 1] ?? 0);
    high = (high >>> 8) ^ (crc64Table[entry] ?? 0);
  }
  return bigEndian(~high, ~low);
}

function table32(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let entry = byte;
    for (let bit = 0; bit < 8; bit += 1) entry = entry & 1 ? (entry >>> 1) ^ polynomial : entry >>> 1;
    return entry;
  });
}

/** The high and the low half for each byte. */
function table64(polynomial: bigint): Uint32Array {
  const table = new Uint32Array(512);
  for (let byte = 0; byte < 256; byte += 1) {
    let entry = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) entry = entry & 1n ? (entry >> 1n) ^ polynomial : entry >> 1n;
    table[byte * 2] = Number(entry >> 32n);
    table[byte * 2 + 1] = Number(entry & 0xffffffffn);
  }
  return table;
}

const crc32cTable = table32(0x82f63b78);
const crc64Table = table64(0x9a6c9329ac4bc9b5n);
