import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openOnLoopback } from '../../sandbox/server/listen.ts';

interface ServedPage {
  readonly url: string;
  /** Sends a message to every open page. */
  tell(message: unknown): void;
  stop(): Promise<void>;
}

const headers = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the page only to this machine, at a path that no one can guess: other pages in the same browser, and other
 * users of the machine, must not be able to read the documents.
 */
export async function servePage(page: string): Promise<ServedPage> {
  const path = `/${randomBytes(16).toString('hex')}/`;
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (!isLoopback(request)) return refuse(response, 403);
    if (request.method !== 'GET') return refuse(response, 405);
    if (request.url === path) {
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(page);
    } else if (request.url === `${path}events`) {
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' }).flushHeaders();
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    } else refuse(response, 404);
  });
  const { port, stop } = await openOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}${path}`,
    tell(message) {
      for (const listener of listeners) listener.write(`data: ${JSON.stringify(message)}\n\n`);
    },
    stop,
  };
}

/** Prevents DNS rebinding: if a foreign name points to 127.0.0.1, that site's pages could read this one. */
function isLoopback({ headers: { host = '' } }: IncomingMessage): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain' }).end();
}
