import { keptIn } from '../../core/values.ts';
import type { SandboxRequest, SandboxResponse } from './operation.ts';
import { queryNamespaces } from './protocol.ts';
import { element } from './xml.ts';

/**
 * The parameters of a request in the AWS query protocol, from a form or the URL.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class QueryInput {
  /** Values keyed by parameter name. A repeated parameter has its first value. */
  private readonly values = new Map<string, string>();
  /** The numbers of each list's members, keyed by the list's name. */
  private readonly numbers = new Map<string, Set<number>>();

  private constructor(parameters: Iterable<[string, string]>) {
    for (const [name, value] of parameters) {
      if (!this.values.has(name)) this.values.set(name, value);
      for (let at = name.indexOf(member); at >= 0; at = name.indexOf(member, at + 1)) {
        const number = Number.parseInt(name.slice(at + member.length), 10);
        keptIn(this.numbers, name.slice(0, at), () => new Set<number>()).add(number);
      }
    }
  }

  static of({ query, body }: SandboxRequest): QueryInput {
    return new QueryInput([...query, ...new URLSearchParams(body.toString('utf8'))]);
  }

  string(name: string): string | undefined {
    return this.values.get(name);
  }

  /** NaN if the value is not a number. */
  integer(name: string): number | undefined {
    const text = this.string(name);
    return text === undefined ? undefined : Number(text);
  }

  /** `Name.member.1`, `Name.member.2`, … */
  strings(name: string): readonly string[] {
    return this.members(name).flatMap((prefix) => this.string(prefix) ?? []);
  }

  /** The prefixes `Name.member.N` in order, for lists of structures and lists of lists. */
  members(name: string): readonly string[] {
    const numbers = [...(this.numbers.get(name) ?? [])];
    return numbers.sort((a, b) => a - b).map((number) => `${name}${member}${number}`);
  }

  /** True if the parameter or any member of it was sent. */
  has(name: string): boolean {
    return [...this.values.keys()].some((key) => key === name || key.startsWith(`${name}.`));
  }
}

const member = '.member.';

export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** Lists become `member` elements, dates become ISO 8601 without a fraction; undefined members are left out. */
export function queryResponse(
  service: keyof typeof queryNamespaces,
  action: string,
  { requestId }: SandboxRequest,
  result: { readonly [name: string]: XmlValue },
): SandboxResponse {
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: element(`${action}Response`, structure(content), { xmlns: queryNamespaces[service] }),
  };
}

function structure(members: { readonly [name: string]: XmlValue }): string[] {
  return Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [xml(name, value)]));
}

function xml(name: string, value: Exclude<XmlValue, undefined>): string {
  if (value instanceof Date) return element(name, `${value.toISOString().slice(0, 19)}Z`);
  if (isList(value))
    return element(
      name,
      value.flatMap((item) => (item === undefined ? [] : [xml('member', item)])),
    );
  if (typeof value === 'object') return element(name, structure(value));
  return element(name, String(value));
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}
