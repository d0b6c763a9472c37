import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BodyLimit, bodyOf, type Heading, headingOf } from '../wire/incoming.ts';
import { internalError, renderError } from '../wire/protocol.ts';
import type { Answer } from './answer.ts';

interface Listening {
  readonly port: number;
  /** Closes every connection, including those still waiting for an answer. */
  readonly stop: () => Promise<void>;
}

/** The port is in use or can't be opened. The message says which port, why, and what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

const loopback = '127.0.0.1';

export type Handler = (heading: Heading, read: (limit: BodyLimit) => Promise<Buffer>) => Promise<Answer>;

/**
 * @param port 0 for any free port
 * @param onBug gets what `answer` throws; the client gets InternalError
 */
export async function listen(port: number, answer: Handler, onBug: (error: unknown) => void): Promise<Listening> {
  const serve = async (message: IncomingMessage, response: ServerResponse, isAwaited: boolean) => {
    try {
      const heading = headingOf(message);
      const read = (limit: BodyLimit) => {
        if (isAwaited) response.writeContinue();
        return bodyOf(message, limit);
      };
      send(message, response, await answer(heading, read));
    } catch (error) {
      // If the client is gone, there is no one to answer.
      if (message.destroyed && !message.complete) return void response.destroy();
      onBug(error);
      if (response.headersSent) return void response.destroy();
      send(message, response, renderError('rest-xml', internalError(), { requestId: '', hostId: '' }));
    }
  };
  const server = createServer((message, response) => serve(message, response, false));
  // A client that sends Expect: 100-continue doesn't send a body that is rejected.
  server.on('checkContinue', (message, response) => serve(message, response, true));
  // Clients reuse connections. Closing an idle one while a request is on its way would look like an AWS outage.
  server.keepAliveTimeout = 0;
  return openOnLoopback(server, port);
}

/** @throws CannotListen */
export async function openOnLoopback(server: Server, port = 0): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(cannotListen(port, error));
    server.once('error', fail);
    try {
      server.listen(port, loopback, resolve);
    } catch (error) {
      // For a number that is not a port, Node.js throws instead of emitting an event.
      fail(error as NodeJS.ErrnoException);
    }
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(message: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = answer;
  response.writeHead(status, {
    ...headers,
    ...(!('content-length' in headers) &&
      status !== 204 &&
      status !== 304 && { 'content-length': Buffer.byteLength(body) }),
    date: new Date().toUTCString(),
    // Prevents the rest of an unread body from being read as the next request.
    ...(!message.complete && { connection: 'close' }),
  });
  response.end(message.method === 'HEAD' || status === 204 || status === 304 ? undefined : body);
}

function cannotListen(port: number, error: NodeJS.ErrnoException): CannotListen {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${loopback} is in use by another program. Choose another port, or 0 for any free one.`,
    EACCES: `Port ${port} on ${loopback} may not be opened by this user. Choose a port from 1024 to 65535, or 0 for any free one.`,
    ERR_SOCKET_BAD_PORT: `Port ${port} does not exist. Choose a port from 1024 to 65535, or 0 for any free one.`,
  };
  return new CannotListen(
    reasons[error.code ?? ''] ?? `Port ${port} on ${loopback} cannot be opened: ${error.message}`,
    {
      cause: error,
    },
  );
}
