import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiledEntry } from './compiled-entry.mjs';

/**
 * Starts the command line. Plain JavaScript, as a loader of TypeScript takes longer to start than most commands run:
 * what runs is compiled once, and where that can't be, what is written.
 */
const root = resolve(import.meta.dirname, '..');
const wantsTraces = Boolean(process.env.SECURE_INBOX_DEBUG);

const compiled = await compiledEntry(root).catch((reason) => {
  // The loader says better what is wrong with a file that can't be compiled.
  if (wantsTraces) process.stderr.write(`Not compiled: ${reason instanceof Error ? reason.message : reason}\n`);
});
if (compiled === undefined) (await import('tsx/esm/api')).register();
// Reading the maps takes as long as all the rest, and without this nobody sees a trace.
else if (wantsTraces) process.setSourceMapsEnabled(true);

await import(pathToFileURL(compiled ?? join(root, 'bin/secure-inbox.ts')).href);
