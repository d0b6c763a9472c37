/**
 * The inside of the isolate that lambda-runtime.ts starts. Plain JavaScript, because a worker that needs no TypeScript
 * loader starts in a tenth of the time.
 */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const { href } = pathToFileURL(workerData.entry);
let loading = import(href);
let loaded = 0;
// A bundle that cannot be loaded is the answer to the first event, not an unhandled rejection now.
loading.catch(() => undefined);

parentPort.on('message', async ({ instance, event, deadline, context }) => {
  try {
    // By another address it is another module, evaluated anew; what it imports stays what it is.
    if (instance !== loaded) loading = import(`${href}?instance=${instance}`);
    loaded = instance;
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
    parentPort.postMessage({ kind: 'answer', payload: JSON.stringify(answer ?? null) });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    parentPort.postMessage({ kind: 'error', errorType: name, message, trace: (stack ?? '').split('\n') });
  }
});
