import { chmod, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { patterns } from '../../core/event-rules.ts';
import { defined } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { awsEndpointsIn } from '../collect/aws-access.ts';
import type { Collection } from '../collect/collect-scenario.ts';
import { type CommandModule, type CommandSurroundings, jsonText } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { readSource } from '../input/read-source.ts';
import { type Progress, withProgress } from '../progress.ts';
import { synthesizedApp } from '../run/prepare-sandbox.ts';
import { renderCollected } from '../views/terminal/collected.ts';
import { pageOn } from '../views/terminal/page.ts';

interface CollectCommandOptions {
  readonly event: string;
  readonly serviceProfile?: string;
  readonly customerProfile?: string;
  readonly region?: string;
  readonly function: string;
  readonly output?: string;
  readonly force?: true;
  readonly json?: true;
  readonly color: boolean;
}

const help = `
Reads roles, buckets, keys and organization policies. Changes nothing in AWS and reads no objects. If your credentials
can't read something, it is listed as unknown with the missing permission; nothing is guessed.

Without profiles, the environment's credentials are used for the account that they belong to.

Examples:
  secure-inbox collect --event examples/event.json
  secure-inbox collect --event examples/event.json --service-profile service --customer-profile customer
  secure-inbox collect --event examples/event.json --output - | less
  secure-inbox preflight --scenario acme.scenario.yaml        find the faults in what was collected

Exit status:
  0  the scenario was written, even if parts are unknown
  2  usage, invalid input, missing or wrong credentials, or AWS could not be reached
`;

export const collectCommand: CommandModule = {
  declare(command) {
    command
      .requiredOption('--event <file>', 'the test event of one customer as JSON or YAML, - for stdin')
      .option('--service-profile <name>', "AWS profile for the service's account")
      .option('--customer-profile <name>', "AWS profile for the customer's account")
      .option('--region <name>', "AWS Region of the function and the internal bucket (default: the profile's)")
      .option('--function <name>', 'the deployed check', 'customer_configuration_check')
      .option('--output <file>', 'where to write the scenario, - for stdout (default: CUSTOMER.scenario.yaml)')
      .option('--force', 'replace an existing file')
      .option('--json', 'print only what was read and what is unknown, as JSON, on stdout')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<CollectCommandOptions>();
    return withProgress(surroundings, (progress) => collectTo(surroundings, options, progress));
  },
};

async function collectTo(
  surroundings: CommandSurroundings,
  options: CollectCommandOptions,
  progress: Progress,
): Promise<ExitStatus> {
  const { stdin, stdout, stderr } = surroundings;
  const { output, json } = options;
  if (json && output === '-') throw new InputError('--output -: stdout cannot hold both the scenario and --json.');
  const source = await readSource(options.event, stdin);
  const file = output ?? `${customerIn(source.value)}.scenario.yaml`;
  if (!options.force) await refuseExisting(file);
  await refuseMissingFolder(file);
  const { text, summary } = await collected(options, source, surroundings, progress);
  if (file === '-') stdout.write(text);
  else await write(file, text, options.force === true);

  const shown = file === '-' ? 'standard output' : file;
  if (json) stdout.write(jsonText({ file, ...summary }));
  else {
    const output = file === '-' ? stderr : stdout;
    output.write(renderCollected(summary, shown, pageOn(surroundings, options, output)));
  }
  return 0;
}

async function collected(
  options: CollectCommandOptions,
  source: Awaited<ReturnType<typeof readSource>>,
  { env }: CommandSurroundings,
  progress: Progress,
): Promise<Collection> {
  const { collect: run } = await import('../collect/collect-scenario.ts');
  const { serviceProfile, customerProfile, region } = options;
  return run({
    source,
    functionName: options.function,
    environment: env,
    now: new Date(),
    onProgress: progress.stage,
    access: awsEndpointsIn(env),
    synthesize: () => synthesizedApp(progress),
    ...defined({ serviceProfile, customerProfile, region }),
  });
}

/** Placeholder for an invalid event; the error is reported when it is read. */
function customerIn(event: unknown): string {
  const { customer } = (event ?? {}) as { readonly customer?: unknown };
  return typeof customer === 'string' && patterns.customer.test(customer) ? customer : 'customer';
}

async function refuseExisting(file: string): Promise<void> {
  if (file !== '-' && (await stat(file).catch(() => undefined)) !== undefined) throw isThere(file);
}

/** Fails before the long work if the file can't be written. */
async function refuseMissingFolder(file: string): Promise<void> {
  const folder = dirname(file);
  const found = file === '-' ? undefined : await stat(folder).catch(() => 'missing' as const);
  if (found === undefined || (found !== 'missing' && found.isDirectory())) return;
  const problem = found === 'missing' ? `there is no folder ${folder}` : `${folder} is not a folder`;
  throw new InputError(`${file}: cannot be written: ${problem}. Create it, or choose another file with --output.`);
}

function isThere(file: string): InputError {
  return new InputError(`${file}: already exists. Choose another file with --output, or replace it with --force.`);
}

/** The file contains both accounts' policies. */
const onlyOwner = 0o600;

async function write(file: string, text: string, force: boolean): Promise<void> {
  await writeFile(file, text, { flag: force ? 'w' : 'wx', mode: onlyOwner }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? isThere(file) : new InputError(`${file}: cannot be written: ${error.message}.`);
  });
  // An existing file keeps its mode when overwritten. Devices such as /dev/stdout have none to change.
  if (force) await chmod(file, onlyOwner).catch(() => undefined);
}
