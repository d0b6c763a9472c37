/**
 * The values that conditions compare, each parsed like AWS. A text that can't be parsed is `undefined`.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

export function numberOf(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

const isoDate = /^\d{4}(?:-\d{2}(?:-\d{2}(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** ISO 8601, in UTC if it has no offset, or seconds since 1970. Four digits are a year. In milliseconds. */
export function dateOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed) && !/^\d{4}$/.test(trimmed)) return Number(trimmed) * 1000;
  const [date, time, offset] = isoDate.exec(trimmed) ?? [];
  const spelled = date?.replace(/(\.\d{3})\d+/, '$1').replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const at = Date.parse(time !== undefined && offset === undefined ? `${spelled}Z` : `${spelled}`);
  return Number.isNaN(at) ? undefined : at;
}

/** An address or a range of addresses. */
export interface IpRange {
  /** All bits as `0` or `1`: 32 or 128 characters. */
  readonly bits: string;
  /** The number of bits that count. */
  readonly prefix: number;
}

/** An IPv4 or IPv6 address in any spelling, with or without a prefix length. */
export function ipRangeOf(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  const bits = address.includes(':') ? ipv6Bits(address) : ipv4Bits(address);
  if (!bits || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const prefix = Number(length ?? bits.length);
  return prefix > bits.length ? undefined : { bits, prefix };
}

/** Not bits, so the whole text is not an address. */
const wrong = 'x';

function ipv4Bits(text: string): string | undefined {
  const bytes = text
    .split('.')
    .map((byte) => (/^\d{1,3}$/.test(byte) && Number(byte) < 256 ? bitsOf(Number(byte), 8) : wrong));
  return allBits(bytes.join(''), 32);
}

function ipv6Bits(text: string): string | undefined {
  const [, groups = text, dotted] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const [head = '', tail, ...rest] = groups.split('::');
  const left = groupBits(head);
  const right = groupBits(tail ?? '') + (dotted === undefined ? '' : (ipv4Bits(dotted) ?? wrong));
  const zeros = tail === undefined ? 0 : 128 - left.length - right.length;
  return rest.length > 0 || zeros < 0 ? undefined : allBits(left + '0'.repeat(zeros) + right, 128);
}

function groupBits(half: string): string {
  const groups = half.split(':').filter((group) => group !== '');
  return groups
    .map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? bitsOf(Number.parseInt(group, 16), 16) : wrong))
    .join('');
}

function bitsOf(value: number, length: number): string {
  return value.toString(2).padStart(length, '0');
}

function allBits(bits: string, length: number): string | undefined {
  return bits.length === length && !bits.includes(wrong) ? bits : undefined;
}

export function isInRange(address: IpRange, { bits, prefix }: IpRange): boolean {
  const isOfFamily = address.bits.length === bits.length;
  return isOfFamily && address.prefix >= prefix && address.bits.startsWith(bits.slice(0, prefix));
}
