#!/usr/bin/env node
import { existsSync } from 'node:fs';

/**
 * Starts the command line as it was built into dist/. Syntax that old versions of Node.js can read, so that they get to
 * the sentence below.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
const isSupported = major > 20 || (major === 20 && minor >= 19);

if (!isSupported) {
  process.stderr.write(
    `secure-inbox needs Node.js 20.19 or later. This is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = 2;
} else {
  // Only a checkout has the sources: what runs there is never older than they are.
  if (existsSync(new URL('../cli/main.ts', import.meta.url))) {
    const { buildWhatChanged } = await import('./build.mjs');
    await buildWhatChanged();
  }
  // Reading the maps takes as long as everything else, and without them no one sees a trace.
  if (process.env.SECURE_INBOX_DEBUG) process.setSourceMapsEnabled(true);
  await import('../dist/cli/secure-inbox.mjs');
}
