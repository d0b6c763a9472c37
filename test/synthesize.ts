import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { assembly } from '../sandbox/assembly.ts';

/** Builds what has changed, and synthesizes Account A, once before the first test that needs them. */
export default async function synthesize(): Promise<void> {
  // The SDK warns that it will drop Node 20, but the function itself runs on a later version.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  execFileSync(process.execPath, [join(import.meta.dirname, '../bin/build.mjs')], { stdio: 'inherit' });
  await assembly();
}
