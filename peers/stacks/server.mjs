import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { virtualEnvironment } from '../clients/python.mjs';
import { run } from '../clients/run-command.mjs';
import { startFront } from './front.mjs';

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The parts of this process's environment that programs need, without the user's own AWS configuration. */
export const plainEnvironment = () => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|LOCALSTACK_|HTTPS?_PROXY$|https?_proxy$)/.test(name)),
  ),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NO_PROXY: '127.0.0.1,localhost',
});

/**
 * Installs a stack and starts it on a free loopback port.
 *
 * @returns `{url, folder, program, version, stop}`, or `{missing}` with the reason why it is not available
 */
export async function startStack({ name, packages, versionOf, command, environment, healthPath, needsFront }) {
  const folder = here(`.cache/${name}`);
  const { program, install } = virtualEnvironment(join(folder, 'python'));
  const missing = await install(...packages, 'awscli');
  if (missing !== undefined) return { missing };
  const shown = await run(program('python'), ['-m', 'pip', 'show', versionOf]);
  const version = /^Version: (.+)$/m.exec(shown.stdout)?.[1] ?? 'of an unknown version';

  const [port, state] = [await freePort(), join(folder, 'state')];
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const front = needsFront ? await startFront(port) : undefined;
  const url = front?.url ?? `http://127.0.0.1:${port}`;
  const log = openSync(join(folder, 'log'), 'w');
  const [file, ...args] = command({ port, program });
  const env = { ...plainEnvironment(), ...environment({ port, state, url }) };
  const child = spawn(file, args, { cwd: state, env, stdio: ['ignore', log, log] });
  const stop = async () => {
    front?.stop();
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await once(child, 'exit');
    clearTimeout(patience);
  };
  for (let second = 0; second < 180 && child.exitCode === null; second += 1) {
    const answer = await fetch(`${url}${healthPath}`).catch(() => undefined);
    if (answer?.ok) return { url, folder, program, version, stop };
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await stop();
  return { missing: `it did not start; see ${join(folder, 'log')}` };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
