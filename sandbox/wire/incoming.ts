import type { IncomingMessage } from 'node:http';
import { textOfHeader } from './header-text.ts';
import type { AwsError } from './operation.ts';

/** The head of a request, before its body. */
export interface Heading {
  readonly method: string;
  /** Percent-encoded, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as it arrived. Nothing in it has been verified. */
export interface Incoming extends Heading {
  readonly body: Buffer;
}

export function headingOf(message: IncomingMessage): Heading {
  const target = withoutOrigin(message.url ?? '/');
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
  };
}

/**
 * A client that uses a proxy sends the whole URL. Servers must accept that too.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
function withoutOrigin(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*(?=[/?]|$)/i, '') || '/';
}

/** The maximum size of a body, and the error for a larger one. */
export interface BodyLimit {
  readonly bytes: number;
  readonly tooLarge: (proposed: number) => AwsError;
}

/** Reads a whole body. Rejects if the client disconnects, and with `tooLarge` if the body is too large. */
export async function bodyOf(message: AsyncIterable<Buffer>, { bytes, tooLarge }: BodyLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > bytes) throw tooLarge(size);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
