import { commandTable } from './command-table.ts';

const commands = commandTable.flatMap(({ name, alias = name }) => [name, alias]).join('|');
/** At the start of a line, in backquotes, or after a pipe. Without a command, it may be the name of a stack. */
const call = new RegExp(
  `(?:(?<=^ *|\`|\\| )secure-inbox (${commands})|(?<=Usage: )secure-inbox(?: (${commands}))?)(?= |$|\`)([^\`]*)`,
);
/** Matches an example with a comment. */
const commented = /^(.*?\S)( {2,})(\S.*)$/;

/**
 * Texts name commands as installed: `secure-inbox check --json`. In a checkout npm starts them, so the text is changed
 * to what the user can type: `npm run check -- --json`.
 *
 * @param env as set by npm: https://docs.npmjs.com/cli/v11/using-npm/scripts#environment
 */
export function calledAs(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const started = env['npm_command'] ?? '';
  if (started === 'exec') return replaced(text, (command) => ['npx secure-inbox', ...command].join(' '));
  if (!started.startsWith('run')) return text;
  return replaced(text, ([command = 'secure-inbox'], rest) => {
    // npm prints a header, which would become part of piped output.
    const run = /[|>] /.test(rest) ? 'npm run --silent' : 'npm run';
    return /^ ?[^ |>&)]/.test(rest) ? `${run} ${command} --` : `${run} ${command}`;
  });
}

type Name = (command: readonly string[], rest: string) => string;

function replaced(text: string, name: Name): string {
  const lines = text.split('\n').map((line) => {
    const [, code, gap = '', comment] = commented.exec(line) ?? [];
    if (code === undefined) return named(line, name);
    return `${named(code, name).padEnd(code.length + gap.length - 2)}  ${comment}`;
  });
  return lines.join('\n');
}

function named(code: string, name: Name): string {
  return code.replace(call, (_, first?: string, second?: string, rest = '') => {
    const command = first ?? second;
    return `${name(command === undefined ? [] : [command], rest)}${rest}`;
  });
}
