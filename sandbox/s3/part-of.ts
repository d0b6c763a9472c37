import type { StoredObject } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { invalidArgument, invalidRequest } from './errors.ts';

/** What a read returns of an object: all of it, a range of bytes, or a part. */
export interface Portion {
  readonly range: ByteRange;
  /** 206, and the header Content-Range. */
  readonly isPartial: boolean;
  /** The checksums of these bytes, where they are known. */
  readonly checksums: StoredObject['checksums'];
  readonly partsCount?: number;
}

/** @throws AwsError InvalidRange, InvalidPartNumber, InvalidArgument */
export function portionOf(object: StoredObject, { headers, query }: SandboxRequest): Portion {
  const size = object.body.length;
  const all = { first: 0, last: size - 1 };
  const number = query.get('partNumber');
  if (number !== null) return partOf(object, partNumberOf(number));
  const range = byteRange(headers['range'], size);
  if (!range) return { range: all, isPartial: false, checksums: object.checksums };
  const isWhole = range.first === 0 && range.last === size - 1;
  return { range, isPartial: true, checksums: isWhole ? object.checksums : {} };
}

/** Refuses a request for a range of a part, whatever there is. */
export function checkPartNumber({ headers, query }: SandboxRequest): void {
  const number = query.get('partNumber');
  if (number === null) return;
  partNumberOf(number);
  if (headers['range'] !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
}

/** @throws AwsError InvalidArgument */
export function partNumberOf(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('partNumber', 'Part number must be an integer between 1 and 10000, inclusive', text);
}

/** An object that was not uploaded in parts is its own first part. */
function partOf(object: StoredObject, number: number): Portion {
  const { parts } = object;
  const count = parts?.length ?? 1;
  if (number > count) {
    throw new AwsError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: String(number),
      ActualPartCount: String(count),
    });
  }
  if (!parts)
    return { range: { first: 0, last: object.body.length - 1 }, isPartial: true, checksums: object.checksums };
  const first = parts.slice(0, number - 1).reduce((sum, part) => sum + part.size, 0);
  const { size = 0, checksums = {} } = parts[number - 1] ?? {};
  return { range: { first, last: first + size - 1 }, isPartial: true, checksums, partsCount: count };
}

/** The first and last byte to send. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `Range: bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`; undefined for the whole object, also where the
 * header is not understood, as HTTP wants it.
 *
 * @param size of the object, in bytes
 * @throws AwsError InvalidRange, 416
 */
function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = '', to = ''] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  if (first >= size || (from === '' && Number(to) === 0)) {
    throw new AwsError('InvalidRange', 416, 'The requested range is not satisfiable', {
      RangeRequested: header ?? '',
      ActualObjectSize: String(size),
    });
  }
  return { first, last };
}
