import { assembly } from '../sandbox/assembly.ts';

/** Synthesizes Account A and bundles the function once, before the first test that needs them. */
export default async function synthesize(): Promise<void> {
  // The SDK warns that it will drop Node 20; the function itself runs on a later one.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  await assembly();
}
