import { benchmarks } from './benchmarks.ts';
import { bench } from './command.ts';

// The SDK would print a warning about the local Node.js to stderr.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Exits in an orderly way, so that a benchmark's processes and folders are removed. 128 + the signal's number.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  process.exitCode = await bench(process.argv.slice(2), benchmarks, process);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}
