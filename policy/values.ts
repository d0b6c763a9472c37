/**
 * The values that conditions compare, each parsed as AWS reads it. A text that is no such value is `undefined`.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

export function numberOf(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

const isoDate =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** ISO 8601, or seconds since 1970; four digits are a year. In milliseconds. */
export function dateOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed) && !/^\d{4}$/.test(trimmed)) return Number(trimmed) * 1000;
  const found = isoDate.exec(trimmed);
  if (!found) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] =
    found;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`);
  return Number.isNaN(at) ? undefined : at;
}

/** An address or a range of addresses; the bits that count, of 32 or 128. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly bytes: readonly number[];
  readonly prefix: number;
}

/** An IPv4 or IPv6 address in any spelling, with or without a prefix length. */
export function ipRangeOf(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  const bytes = address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address);
  if (!bytes || rest.length > 0) return undefined;
  const bits = bytes.length * 8;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  return prefix > bits ? undefined : { family: bits === 32 ? 4 : 6, bytes, prefix };
}

function ipv4Bytes(text: string): readonly number[] | undefined {
  const bytes = text.split('.').map((byte) => (/^\d{1,3}$/.test(byte) ? Number(byte) : 256));
  return bytes.length === 4 && bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function ipv6Bytes(text: string): readonly number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const embedded = dotted?.[2] === undefined ? [] : ipv4Bytes(dotted[2]);
  if (!embedded) return undefined;
  const [head = '', tail, ...rest] = (dotted?.[1] ?? text).split('::');
  if (rest.length > 0) return undefined;
  const [before, after] = [head, tail ?? ''].map((half) =>
    half
      .replace(/:$/, '')
      .split(':')
      .filter((group) => group !== ''),
  );
  const left = (before ?? []).flatMap(groupBytes);
  const right = [...(after ?? []).flatMap(groupBytes), ...embedded];
  const missing = 16 - left.length - right.length;
  if ([...left, ...right].includes(-1) || missing < 0 || (tail === undefined && missing > 0)) return undefined;
  return [...left, ...Array.from({ length: missing }, () => 0), ...right];
}

function groupBytes(group: string): readonly number[] {
  if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return [-1];
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}

export function isInRange(address: IpRange, range: IpRange): boolean {
  if (address.family !== range.family || address.prefix < range.prefix) return false;
  return range.bytes.every((byte, at) => {
    const bits = Math.min(8, Math.max(0, range.prefix - at * 8));
    const mask = 256 - 2 ** (8 - bits);
    return (byte & mask) === ((address.bytes[at] ?? 0) & mask);
  });
}
