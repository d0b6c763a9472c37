/**
 * Runs inside the process that function-process.ts starts. Plain JavaScript, to save the memory of a TypeScript loader.
 */
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** https://nodejs.org/api/diagnostics_channel.html#http */
const sentAt = new WeakMap();
let requestMs = [];
subscribe('http.client.request.start', ({ request }) => sentAt.set(request, performance.now()));
subscribe('http.client.response.finish', ({ request, response }) => {
  response.once('end', () => requestMs.push(performance.now() - sentAt.get(request)));
});

const { handler } = await import(pathToFileURL(process.argv[2]).href);

process.on('message', async ({ event, functionArn }) => {
  const deadline = Date.now() + 300_000;
  const context = {
    awsRequestId: randomUUID(),
    invokedFunctionArn: functionArn,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  requestMs = [];
  try {
    const cpuBefore = process.cpuUsage();
    const begin = performance.now();
    const answer = await handler(event, context);
    const wallMs = performance.now() - begin;
    const { user, system } = process.cpuUsage(cpuBefore);
    process.send({ answer, wallMs, cpuMs: (user + system) / 1000, requestMs, peakMemoryMib: peakMemoryMib() });
  } catch (error) {
    process.send({ error: error instanceof Error ? error.message : String(error) });
  }
});
// Ends with the parent process. An orderly exit lets V8 write its coverage.
process.on('disconnect', () => process.exit(0));

/**
 * getrusage's value, which Node.js has on every platform, can include the parent's memory at the time of the fork.
 * Linux also has a value for this program alone. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
function peakMemoryMib() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kib) / 1024;
}
