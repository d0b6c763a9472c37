import { setFlagsFromString } from 'node:v8';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../../model/text/input-error.ts';
import { bugReport } from '../bug-report.ts';
import { type CommandModule, type CommandSurroundings, jsonText, unlessInterrupted, untilEnded } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { progressOn } from '../progress.ts';
import { homeRegion, placeInWorld } from '../run/function-settings.ts';
import { prepareSandbox } from '../run/prepare-sandbox.ts';
import { accessTo, renderAccess } from '../views/terminal/sandbox-access.ts';

interface SandboxCommandOptions {
  readonly port: number;
  readonly scenario?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
}

const help = `
Simulates S3, KMS, STS and parts of IAM and CloudTrail on 127.0.0.1 with every policy enforced, until Ctrl-C. For what is
simulated and what is not, see sandbox/BEHAVIOUR.md.

Examples:
  secure-inbox sandbox
  secure-inbox sandbox --port 4566 --scenario scenarios/key-policy/silent.yaml
  secure-inbox sandbox --json > accounts.json &

Exit status:
  0  ended by Ctrl-C
  2  usage or invalid input, or the port is in use
`;

export const sandboxCommand: CommandModule = {
  declare(command) {
    command
      .option('--port <number>', 'port to listen on; 0 for any free port', portNumber, 0)
      .option('--scenario <file>', 'the scenario to load (default: the shipped templates)')
      .option('--json', 'print how to connect as JSON')
      .option('--quiet', 'print the address alone')
      .option('--verbose', 'log each request on stderr')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const options = command.opts<SandboxCommandOptions>();
    return serve(options, surroundings);
  },
};

async function serve(options: SandboxCommandOptions, surroundings: CommandSurroundings): Promise<ExitStatus> {
  const { interrupted, stdout, stderr } = surroundings;
  // Collects the garbage of many requests early. Must be set before anything is loaded.
  setFlagsFromString('--semi-space-growth-factor=1');
  // Otherwise the heap grows to several times what is in use before old objects are collected.
  setFlagsFromString('--heap-growing-percent=30');
  const progress = progressOn(stderr);
  const scenarios = options.scenario === undefined ? [] : [options.scenario];
  const prepared = await unlessInterrupted(interrupted, prepareSandbox(progress));
  const [scenario] = await prepared.load(scenarios);
  if (!scenario) throw new Error('A scenario was asked for and none was loaded');

  const { world } = scenario;
  const { CannotListen, startSandbox } = await import('../../sandbox/start.ts');
  const server = await startSandbox({
    world,
    port: options.port,
    functionIn: (served, url) => ({ bundleDir: prepared.bundleDir, ...placeInWorld(served, url) }),
    onBug: (bug) => stderr.write(bugReport(bug, Boolean(surroundings.env['SECURE_INBOX_DEBUG']))),
    ...(options.verbose && {
      intercept({ service, operation, region, accessKeyId = '' }) {
        const who = world.callers.get(accessKeyId)?.arn ?? 'an unknown caller';
        stderr.write(`${service} ${operation || 'unknown operation'} in ${region || 'no Region'} by ${who}\n`);
        return undefined;
      },
    }),
  }).catch((error: unknown) => {
    throw error instanceof CannotListen ? new InputError(`--port: ${error.message}`) : error;
  });

  try {
    const { url } = server;
    const access = accessTo({ world, url, scenario: scenario.name, region: homeRegion(world) });
    if (options.quiet) stdout.write(`${url}\n`);
    else stdout.write(options.json ? jsonText(access) : renderAccess(access));
    stderr.write('Serving until Ctrl-C.\n');
    await untilEnded(surroundings);
  } finally {
    await server.stop();
  }
  return 0;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Allowed: a number from 0 to 65535, 0 for any free port.');
}
