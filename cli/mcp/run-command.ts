import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured } from '../captured.ts';

export interface Ran {
  /** What the command printed with --json. Undefined where it printed nothing: then `message` says why. */
  readonly answer: unknown;
  readonly message: string;
}

/** A document that an assistant handed over: text as it is in a file, or what is in it. */
export type Document = string | Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Runs a command of this command line, as if each document were in a file. Nothing of the caller's machine is read: what
 * there is to read is in the documents.
 *
 * @param documents by the option that each is for
 * @param env none of the process's, unless the user allowed it
 */
export async function runCommand(
  args: readonly string[],
  documents: readonly (readonly [option: string, document: Document])[],
  env: Readonly<Record<string, string | undefined>>,
  interrupted: AbortSignal,
): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'secure-inbox-mcp-'));
  try {
    const given: string[] = [];
    for (const [at, [option, document]] of documents.entries()) {
      const file = join(folder, `${option.replace(/^-+/, '') || 'document'}-${at + 1}${endingOf(document)}`);
      await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document, null, 2));
      given.push(...(option === '' ? [file] : [option, file]));
    }
    const said = await captured([...args, ...given, '--json'], env, interrupted);
    const message = said.stderr.replaceAll(`${folder}/`, '').trim();
    return { answer: said.stdout === '' ? undefined : JSON.parse(said.stdout), message };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function endingOf(document: Document): string {
  return typeof document !== 'string' || /^\s*[{[]/.test(document) ? '.json' : '.yaml';
}
