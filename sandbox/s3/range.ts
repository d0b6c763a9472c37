import { AwsError } from '../wire/operation.ts';

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
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
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
