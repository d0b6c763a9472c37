import { isObject } from '../../core/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from './operation.ts';

/**
 * The members of a request in the AWS JSON 1.1 protocol. Like AWS, it rejects a member of the wrong type before it
 * checks any constraint.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export class JsonInput {
  private constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  static of({ body }: SandboxRequest): JsonInput {
    const members: unknown = body.length === 0 ? {} : parse(body.toString('utf8'));
    if (!isObject(members)) throw serializationException();
    return new JsonInput(members);
  }

  string(name: string): string | undefined {
    return this.read(name, (value) => typeof value === 'string');
  }

  integer(name: string): number | undefined {
    return this.read(name, (value) => Number.isInteger(value));
  }

  boolean(name: string): boolean | undefined {
    return this.read(name, (value) => typeof value === 'boolean');
  }

  /** Timestamps are sent as seconds since the epoch, with a fraction. */
  timestamp(name: string): Date | undefined {
    const seconds: number | undefined = this.read(name, (value) => typeof value === 'number');
    return seconds === undefined ? undefined : new Date(seconds * 1000);
  }

  blob(name: string): Buffer | undefined {
    const base64 = this.string(name);
    return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  }

  strings(name: string): readonly string[] {
    return this.read<string[]>(name, isStringList) ?? [];
  }

  records(name: string): readonly Readonly<Record<string, unknown>>[] {
    return this.read<Record<string, unknown>[]>(name, (value) => Array.isArray(value) && value.every(isObject)) ?? [];
  }

  stringMap(name: string): Readonly<Record<string, string>> {
    return (
      this.read<Record<string, string>>(name, (value) => isObject(value) && isStringList(Object.values(value))) ?? {}
    );
  }

  has(name: string): boolean {
    return (this.members[name] ?? undefined) !== undefined;
  }

  private read<T>(name: string, isRight: (value: unknown) => boolean): T | undefined {
    const value = this.members[name] ?? undefined;
    if (value === undefined) return undefined;
    if (!isRight(value)) throw serializationException();
    return value as T;
  }
}

/** Buffers become base64, dates become seconds; undefined members are left out. */
export function jsonResponse(result: Readonly<Record<string, unknown>>): SandboxResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(wire(result)),
  };
}

function wire(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wire);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, wire(member)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw serializationException();
  }
}

function isStringList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function serializationException(): AwsError {
  return new AwsError('SerializationException', 400, '');
}
