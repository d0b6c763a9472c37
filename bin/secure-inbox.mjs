#!/usr/bin/env node
import { existsSync } from 'node:fs';

/**
 * Starts the command line in dist/. Uses syntax that old versions of Node.js can read, so that they get to the message
 * below.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
const isSupported = major > 20 || (major === 20 && minor >= 19);

if (!isSupported) {
  process.stderr.write(
    `secure-inbox needs Node.js 20.19 or later. This is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exitCode = 2;
} else {
  // Only a checkout has the sources, and there it rebuilds what is outdated.
  if (existsSync(new URL('../cli/main.ts', import.meta.url))) {
    const { buildWhatChanged } = await import('./build.mjs');
    await buildWhatChanged();
  }
  // Reading the source maps takes as long as everything else, and they only matter for stack traces.
  if (process.env.SECURE_INBOX_DEBUG) process.setSourceMapsEnabled(true);
  await import('../dist/cli/secure-inbox.mjs');
}
