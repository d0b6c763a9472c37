import { Command, CommanderError } from 'commander';
import { bugReport } from './bug-report.ts';
import { commandTable } from './command-table.ts';
import { type ExitStatus, exitStatusHelp } from './exit-status.ts';
import { InputError } from './input/input-error.ts';
import { Interrupted } from './interrupted.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Runs the command line and tells its exit status; it never ends the process and never throws.
 *
 * @param args without `node` and the script's name
 */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(args, surroundings);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Interrupted) return error.status;
    if (error instanceof InputError) {
      surroundings.stderr.write(`${error.message}\n`);
      return 2;
    }
    surroundings.stderr.write(bugReport(error, Boolean(surroundings.env['SECURE_INBOX_DEBUG'])));
    return 3;
  }
}

async function dispatch(args: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  const program = withOutput(new Command('secure-inbox'), surroundings)
    .description('Says whether reports reach a customer’s Secure Inbox, and if not, which permission is missing where.')
    .option('--no-color', 'no colour, also set by NO_COLOR')
    .addHelpText(
      'after',
      `\n${exitStatusHelp()}\n\nExample:\n  npm run check -- --scenario scenarios/key-policy/silent.yaml`,
    );
  const asked = args.find((arg) => commandTable.some(({ name }) => name === arg));
  let status: ExitStatus = 0;

  for (const row of commandTable) {
    const command = withOutput(program.command(row.name).description(row.summary), surroundings);
    if (row.name !== asked) continue;
    const module = await row.load();
    command.configureHelp({ showGlobalOptions: true });
    module.declare(command);
    command.action(async () => {
      status = await module.run(command, surroundings);
    });
  }
  await program.parseAsync([...args], { from: 'user' });
  return status;
}

function withOutput(command: Command, { stdout, stderr }: Surroundings): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => Math.min(stdout.columns ?? 100, 110),
    getErrHelpWidth: () => Math.min(stderr.columns ?? 100, 110),
  });
}
