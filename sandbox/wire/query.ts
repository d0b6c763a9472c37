import type { SandboxRequest, SandboxResponse } from './operation.ts';
import { queryNamespaces } from './protocol.ts';
import { element } from './xml.ts';

/**
 * The parameters of a request in the AWS query protocol, from a form or the URL.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class QueryInput {
  private constructor(private readonly parameters: URLSearchParams) {}

  static of({ query, body }: SandboxRequest): QueryInput {
    return new QueryInput(new URLSearchParams([...query, ...new URLSearchParams(body.toString('utf8'))]));
  }

  string(name: string): string | undefined {
    return this.parameters.get(name) ?? undefined;
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
    const start = `${name}.member.`;
    const numbers = [...this.parameters.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => Number.parseInt(key.slice(start.length), 10));
    return [...new Set(numbers)].sort((a, b) => a - b).map((number) => `${start}${number}`);
  }

  /** True if the parameter or any member of it was sent. */
  has(name: string): boolean {
    return [...this.parameters.keys()].some((key) => key === name || key.startsWith(`${name}.`));
  }
}

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
