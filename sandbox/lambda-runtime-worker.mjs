/**
 * Runs inside the isolate that lambda-runtime.ts starts. It is plain JavaScript because a worker without the TypeScript
 * loader starts in a tenth of the time.
 */
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done = encoding) => {
    parentPort.postMessage({ kind: 'log', text: textOf(chunk) });
    if (typeof done === 'function') queueMicrotask(done);
    return true;
  };
}

const exchanges = [];
if (workerData.records) recordExchanges();

/** The HTTP agents that sent requests from this instance. */
const agents = new Set();
subscribe('http.client.request.start', ({ request }) => agents.add(request.agent));

const { href } = pathToFileURL(workerData.entry);
let loading = import(href);
let loaded = 0;
// If the bundle can't be loaded, the first event gets that error; it is not an unhandled rejection now.
loading.catch(() => undefined);

parentPort.on('message', async ({ instance, environment, event, deadline, context }) => {
  try {
    if (instance !== loaded) {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, environment);
      closeConnections();
      // A module with a different URL is evaluated again; its imports are not.
      loading = import(`${href}?instance=${instance}`);
      loaded = instance;
    }
    const { handler } = await loading;
    if (typeof handler !== 'function') {
      throw Object.assign(new Error(`${workerData.entry} exports no function "handler".`), {
        name: 'Runtime.HandlerNotFound',
      });
    }
    const answer = await handler(JSON.parse(event), {
      ...context,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    parentPort.postMessage({ kind: 'answer', payload: JSON.stringify(answer ?? null), ...recorded() });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    parentPort.postMessage({
      kind: 'error',
      errorType: name,
      message,
      trace: (stack ?? '').split('\n'),
      ...recorded(),
    });
  }
});

/** Closes idle connections, which would otherwise stay open as long as the isolate. */
function closeConnections() {
  for (const { freeSockets } of agents) for (const socket of Object.values(freeSockets).flat()) socket.destroy();
  agents.clear();
}

function recorded() {
  return workerData.records ? { exchanges: exchanges.splice(0) } : {};
}

/**
 * Records each request with its answer and changes neither. It wraps the methods that write a body because no
 * diagnostics channel reports it. A listener for an answer's data would take the data from the SDK.
 */
function recordExchanges() {
  const under = new WeakMap();
  for (const name of ['write', 'end']) {
    const original = ClientRequest.prototype[name];
    ClientRequest.prototype[name] = function (chunk, ...rest) {
      if (!under.has(this)) {
        const exchange = {
          method: this.method,
          host: this.host,
          path: this.path,
          headers: this.getHeaders(),
          body: '',
        };
        under.set(this, exchange);
        exchanges.push(exchange);
      }
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') under.get(this).body += textOf(chunk);
      return original.call(this, chunk, ...rest);
    };
  }
  subscribe('http.client.response.finish', ({ request, response }) => {
    const exchange = under.get(request);
    if (!exchange) return;
    const { statusCode: status, headers } = response;
    exchange.answer = { status, headers, body: '' };
    const push = response.push;
    response.push = function (chunk, ...rest) {
      if (chunk !== null) exchange.answer.body += textOf(chunk);
      return push.call(this, chunk, ...rest);
    };
  });
}

function textOf(chunk) {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
}
