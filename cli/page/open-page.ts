import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Told } from '../../model/preflight/document-set.ts';
import { slotNames, slots } from '../../model/preflight/slots.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { PageSettings } from '../../page/contract.ts';
import { type CommandSurroundings, unlessInterrupted } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { readText } from '../input/read-text.ts';
import { filesBelow } from '../preflight/collect-files.ts';
import { folderOrFiles, type PreflightInput } from '../preflight/preflight-inputs.ts';
import type { Progress } from '../progress.ts';
import { synthesizedApp } from '../run/prepare-sandbox.ts';
import { customerPage } from './customer-page.ts';
import { servePage } from './serve-page.ts';

type Given = NonNullable<PageSettings['documents']>[number];

interface GivenFile {
  readonly file: string;
  readonly as?: string;
}

/** Editors write a file in several steps. */
const settledAfterMs = 60;

/**
 * Opens the page with the user's documents in a browser, and updates it when the files change, until Ctrl-C.
 *
 * @throws InputError if files can't be read; Interrupted on Ctrl-C
 */
export async function openPage(
  input: PreflightInput,
  surroundings: CommandSurroundings,
  progress: Progress,
): Promise<ExitStatus> {
  const { stdout, stderr, stdin, interrupted } = surroundings;
  const files = await filesOf(input);
  const documents: Given[] = [];
  for (const { file, as } of files) documents.push(given(file, await readText(file, stdin), as));
  const page = await customerPage(
    {
      everything: false,
      begins: { documents, told: textsOf(input.told), deployment: deploymentOf(input), follows: true },
    },
    await synthesizedApp(progress),
  );
  const served = await servePage(page);
  const { watch } = await import('chokidar');
  const watcher = watch(
    files.map(({ file }) => file),
    { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: settledAfterMs, pollInterval: settledAfterMs / 3 } },
  );
  watcher.on('all', (_, path) => {
    const changed = files.find(({ file }) => file === path);
    if (!changed) return;
    // A file that is missing for a moment is being rewritten.
    readFile(path, 'utf8').then(
      (text) => served.tell([given(path, text, changed.as)]),
      () => {},
    );
  });
  try {
    progress.end();
    stdout.write(`${served.url}\n`);
    stderr.write('Serving to this machine until Ctrl-C. The page follows the files.\n');
    if (stdout.isTTY) openInBrowser(served.url);
    return await unlessInterrupted(interrupted, new Promise<never>(() => {}));
  } finally {
    await watcher.close();
    await served.stop();
  }
}

async function filesOf({
  paths,
  events,
  scenarios,
  policies,
  templates,
}: PreflightInput): Promise<readonly GivenFile[]> {
  if (scenarios.length > 0) {
    throw new InputError('--open, --scenario: the page takes documents, and no scenarios. Leave one of them out.');
  }
  const named = [
    ...slotNames.flatMap((slot) => (policies[slot] ?? []).map((file) => ({ file, as: slots[slot].part }))),
    ...templates.map((file) => ({ file, as: 'template' })),
    ...events.map((file) => ({ file, as: 'event' })),
  ];
  const { folders, files } = await folderOrFiles(paths, named.length > 0);
  if (folders.length > 1 || (folders.length === 1 && files.length > 0) || events.length > 1) {
    throw new InputError('--open: the page is about one customer. Give one folder, or the files of one customer.');
  }
  const found = folders[0] === undefined ? [] : await filesBelow(folders[0]);
  const all = [...[...found, ...files].map((file): GivenFile => ({ file })), ...named];
  if (all.some(({ file }) => file === '-'))
    throw new InputError('--open: standard input (-) cannot be followed. Give files.');
  return all;
}

function given(file: string, text: string, as: string | undefined): Given {
  return { name: basename(file), text, ...(as !== undefined && { as }) };
}

function textsOf(told: Told): Readonly<Record<string, string | boolean>> {
  return { ...told };
}

function deploymentOf({ deployment: { parameters, imports, stackName } }: PreflightInput) {
  return { parameters, imports, ...(stackName !== undefined && { stackName }) };
}

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** If there is no browser, the printed URL is enough. */
function openInBrowser(url: string): void {
  const [command = 'xdg-open', ...args] = openers[process.platform] ?? [];
  spawn(command, [...args, url], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
}
