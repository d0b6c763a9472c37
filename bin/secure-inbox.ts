import { bugReport } from '../cli/bug-report.ts';
import { main } from '../cli/main.ts';

/** The command line's entry. Only this file uses the process and sets its exit status. */

// The SDK would print a warning about the local Node.js to stderr.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const interruption = new AbortController();
const outputEnd = new AbortController();

// 128 + the signal's number, as shells count: https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    // A second signal ends the process without cleaning up.
    if (interruption.signal.aborted) process.exit(status);
    interruption.abort(status);
  });
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    outputEnd.abort();
  });
}

process.on('uncaughtException', (error) => {
  process.stderr.write(bugReport(error, Boolean(process.env['SECURE_INBOX_DEBUG'])));
  process.exit(3);
});

const status = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interrupted: interruption.signal,
  outputClosed: outputEnd.signal,
});

if (interruption.signal.aborted) process.exit(status);
process.exitCode = status;
