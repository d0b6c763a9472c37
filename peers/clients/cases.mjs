import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, run } from './run-command.mjs';

/**
 * Runs shell commands one after the other. Each command is a case.
 *
 * @param cases `[name, command, what its output must contain]`; a command that must be denied starts with `!`
 * @returns lines in the format that the other clients' programs print
 */
export async function runCases(cases, env) {
  const cwd = mkdtempSync(join(tmpdir(), 'sandbox-client-'));
  writeFileSync(join(cwd, 'small.txt'), 'hello');
  writeFileSync(join(cwd, 'large.bin'), Buffer.alloc(17 * 1024 ** 2, 'large'));
  const lines = [];
  for (const [name, text, wanted = ''] of cases) {
    const isRefused = text.startsWith('!');
    const command = isRefused ? text.slice(1) : text;
    const outcome = await run('bash', ['-c', command], { env, cwd, seconds: 120 });
    const output = outcome.stdout + outcome.stderr;
    const asExpected = (outcome.status !== 0) === isRefused && output.includes(wanted);
    const reason = isRefused && outcome.status === 0 ? 'it was not refused' : reasonOf(outcome);
    lines.push(asExpected ? `passed ${name}` : `failed ${name}: ${reason}`);
  }
  rmSync(cwd, { recursive: true });
  return lines;
}
