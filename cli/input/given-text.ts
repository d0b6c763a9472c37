import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { InputError } from '../../model/text/input-error.ts';
import { readText } from './read-text.ts';

export interface GivenText {
  /** The source, named in messages about the text. */
  readonly name: string;
  readonly text: string;
  /** True for a single word that is not a file, which may as well be a mistyped path. */
  readonly mayBePath: boolean;
}

/**
 * The input of a command: a file, stdin for `-` or no argument, or the text itself, in one quoted argument or
 * several.
 *
 * @throws InputError if it can't be read, is empty, or is clearly the path of a missing file
 */
export async function givenText(args: readonly string[], stdin: Readable): Promise<GivenText> {
  const given = await read(args, stdin);
  if (given.text.trim() === '') throw new InputError(`${given.name}: is empty, where a text is expected.`);
  return given;
}

async function read(args: readonly string[], stdin: Readable): Promise<GivenText> {
  const [first = '-', ...rest] = args;
  if (rest.length === 0 && first === '-') {
    return { name: 'standard input', text: await readText(first, stdin), mayBePath: false };
  }
  if (rest.length === 0 && (looksLikePath(first) || (await exists(first)))) {
    return { name: first, text: await readText(first, stdin), mayBePath: false };
  }
  if (rest.length > 0 && args.every(looksLikePath)) {
    throw new InputError(`${args.join(' ')}: one file at a time. For several: cat FILE … | secure-inbox explain`);
  }
  return { name: 'the given text', text: args.join(' '), mayBePath: rest.length === 0 && !/\s/.test(first) };
}

const rooted = /^(?:~|\.{0,2}[\\/])[^\n:]*$/;
const withFolder = /^[^\s{[<"]+[\\/]\S*$/;
const withExtension = /^[^\s{[<"]+\.(?:jsonl?|ya?ml|txt|log|xml|gz|html?)$/i;

function looksLikePath(arg: string): boolean {
  return [rooted, withFolder, withExtension].some((pattern) => pattern.test(arg));
}

/** A text may be longer than any path. */
async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
