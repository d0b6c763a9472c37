import { Command, CommanderError } from 'commander';
import { InputError } from '../model/text/input-error.ts';
import { bugReport } from './bug-report.ts';
import { calledAs } from './called-as.ts';
import { type CommandSurroundings, Interrupted } from './command.ts';
import { type CommandRow, commandTable } from './command-table.ts';
import { type ExitStatus, exitStatusHelp } from './exit-status.ts';
import { guarded } from './guarded-output.ts';
import { packageVersion } from './version.ts';

/**
 * Runs the command line and returns its exit status. Never ends the process and never throws.
 *
 * @param args without `node` and the script's name
 */
export async function main(args: readonly string[], given: CommandSurroundings): Promise<number> {
  const { stdout, stderr, env } = given;
  const surroundings = { ...given, stdout: guarded(stdout, env), stderr: guarded(stderr, env) };
  try {
    return await dispatch(args, surroundings);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Interrupted) return error.status;
    if (error instanceof InputError) {
      surroundings.stderr.write(calledAs(`${error.message}\n`, surroundings.env));
      return 2;
    }
    surroundings.stderr.write(bugReport(error, Boolean(surroundings.env['SECURE_INBOX_DEBUG'])));
    return 3;
  }
}

async function dispatch(args: readonly string[], surroundings: CommandSurroundings): Promise<ExitStatus> {
  if (asksForVersion(args)) {
    surroundings.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const program = withOutput(new Command('secure-inbox'), surroundings)
    .description(
      'Checks whether reports reach a customer’s Secure Inbox and, if not, which permission is missing in which account.',
    )
    .option('-v, --version', 'print the version')
    .option('--no-color', 'turn off color; NO_COLOR does the same')
    .addHelpText(
      'after',
      `\n${exitStatusHelp()}\n\nExample:\n  secure-inbox check --scenario scenarios/key-policy/silent.yaml`,
    );
  const asked = args.map(rowNamed).find((row) => row !== undefined);
  let status: ExitStatus = 0;

  for (const row of commandTable) {
    const command = withOutput(program.command(row.name).description(row.summary), surroundings);
    if (row.alias !== undefined) command.alias(row.alias);
    if (row !== asked) continue;
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

function rowNamed(arg: string): CommandRow | undefined {
  return commandTable.find(({ name, alias }) => name === arg || alias === arg);
}

/** Recognizes every form that people try: `--version`, `-v`, `-V` or `version`, alone or after a command. */
function asksForVersion([first, second, ...more]: readonly string[]): boolean {
  if (first === 'version' || first === '-v' || first === '-V') return second === undefined;
  const last = second ?? first;
  return last === '--version' && more.length === 0 && (second === undefined || !first?.startsWith('-'));
}

function withOutput(command: Command, { stdout, stderr, env }: CommandSurroundings): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(calledAs(text, env)),
    writeErr: (text) => stderr.write(calledAs(text, env)),
    getOutHelpWidth: () => Math.min(stdout.columns ?? 100, 110),
    getErrHelpWidth: () => Math.min(stderr.columns ?? 100, 110),
  });
}
