import type { IncomingMessage } from 'node:http';
import { textOfHeader } from './header-text.ts';

/** A request as it arrived: nothing in it has been verified. */
export interface Incoming {
  readonly method: string;
  /** Percent-encoded, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads a request to its end. Rejects where the client goes away before. */
export async function receive(message: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [
        name,
        textOfHeader(Array.isArray(value) ? value.join(',') : (value ?? '')),
      ]),
    ),
    body: Buffer.concat(chunks),
  };
}
