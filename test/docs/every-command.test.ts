import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { commandTable } from '../../cli/command-table.ts';
import { servedAccounts } from '../cli/onboard/served-accounts.ts';
import { argumentsOf, commandsAlone, commandsWithOutput, firstMissing } from './shown.ts';

/**
 * Runs each command of each page as written, in the order of its page, in a folder with only the files of a checkout
 * and those that the page's earlier steps write. The sandbox replaces AWS.
 */
const root = join(import.meta.dirname, '../..');
const accounts = servedAccounts();
const folder = mkdtempSync(join(tmpdir(), 'every-command-'));
const before = process.cwd();
afterEach(() => process.chdir(before));
afterAll(() => rmSync(folder, { recursive: true }));

const pagesIn = (path: string) =>
  readdirSync(join(root, path)).flatMap((name) => (name.endsWith('.md') ? [join(path, name)] : []));
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'examples', 'events', 'docs', 'docs/internals'].flatMap(
  (path) => (path.endsWith('.md') ? [path] : pagesIn(path)),
);

/** npm scripts that are not commands of the command line. The test only checks that they exist. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const ours = new Set([...commandTable.map(({ name }) => name), 'secure-inbox', 'catalogue']);

/** Commands with a placeholder for something that the reader has, and the slowest commands, which have other tests. */
const notRun =
  /\b(?:FILE|COMMAND|EVENT|NAME)\b|…|npm run (?:--silent )?(?:catalog|conformance|page)\b|secure-inbox -- (?:conformance|page)\b|statement-lost|--open\b|--watch\b|scenarios\/\*\/\*/;

/** The customer's files, and files that other people's commands write, each on the pages that mention it. */
const event = () => accounts.world.defaultEvent;
const policyOf = (kind: 'bucket' | 'key') => {
  const { inbox } = event();
  const { buckets, keys } = accounts.world;
  return kind === 'bucket' ? buckets.get(inbox.bucket)?.policy : keys.get(inbox.kmsKeyArn)?.policy;
};
const fetched: readonly (readonly [name: string, said: RegExp, content: () => unknown])[] = [
  ['message.json', /Save .* as `message\.json`/, () => JSON.parse(statusMessage)],
  ['acme.json', /(?:s3 cp|get-object) .*acme\.json/, event],
  ['customers/acme.json', /s3 cp .* customers\/$/m, event],
  ['next/acme.json', / > next\//, event],
  ['acme-new-key.json', / > acme-new-key\.json/, event],
  ['acme-outputs.json', /(?:> |--outputs )acme-outputs\.json/, () => accounts.outputs()],
  ['both-keys.json', / > both-keys\.json/, () => policyOf('bucket')],
  ['key-policy.json', /key-policy\.json/, () => policyOf('key')],
];
const statusMessage = readFileSync(join(root, 'examples/status-message.json'), 'utf8');

const commandsOf = (page: string) => {
  const text = readFileSync(join(root, page), 'utf8');
  const all = [...commandsWithOutput(text).map(({ command }) => command), ...commandsAlone(text)];
  const inOrder = all.toSorted((a, b) => text.indexOf(a.slice(0, 60)) - text.indexOf(b.slice(0, 60)));
  return [...new Set(inOrder.map((command) => command.replace(/^.*?(?=npm run )/, '')))]
    .flatMap((command) => command.split(' && '))
    .filter((command) => command.startsWith('npm run '));
};

/** Commands that depend on no earlier step need not run on every page. */
const ran = new Set<string>();

/** The faults in the accounts that a page shows. */
const worlds: Readonly<Record<string, string>> = {
  'docs/collect.md': 'scenarios/several-faults/bucket-policy-and-inbox-key.yaml',
};

const untilInterrupted = ['sandbox', 'mcp'];

const scriptOf = (command: string) => /^npm run (?:--silent )?(\S+)/.exec(command)?.[1] ?? '';

it.each(pages.filter((page) => commandsOf(page).length > 0))('on %s', async (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const isAbout = worlds[page];
  if (isAbout) await accounts.serve(parse(readFileSync(join(root, isAbout), 'utf8')));
  const place = folderFor(page, text);
  process.chdir(place);
  const failed: string[] = [];
  for (const command of commandsOf(page)) {
    const script = scriptOf(command);
    if (!script.startsWith('--') && !Object.hasOwn(scripts, script)) failed.push(`${command}: there is no such script`);
    if (!ours.has(script) || notRun.test(command) || ran.has(command)) continue;
    if (/scenarios\/|examples\//.test(command) && !/--(?:fix|output)\b/.test(command)) ran.add(command);
    // The reader's current folder.
    if (command === 'npm run preflight') process.chdir('examples/acme');
    accounts.put('acme', JSON.stringify({ ...event(), ...(command.includes('--replace') && { diagnosis: 'none' }) }));
    const { status, stderr, stdout } = await run(command);
    process.chdir(place);
    const isRefused = command.includes('wrong-version');
    // With only one account, the verdict may stay open.
    const isBug = status === 3 && !/: inconclusive\./.test(stdout);
    const lines = `${stderr}\n${stdout}`.split('\n');
    const missing = firstMissing(['…', ...shownBelow(command, text, isAbout), '…'], lines);
    if (missing) failed.push(`${command} does not print ${missing}, but: ${stderr}${stdout}`.slice(0, 1_500));
    if ((status === 2) !== isRefused || isBug) failed.push(`${command}: ${status} ${stderr}${stdout}`.slice(0, 1_500));
  }
  expect(failed).toEqual([]);
});

/** The output that a page shows, unless it is about accounts other than these, in which everything works. */
function shownBelow(command: string, text: string, isAbout?: string): readonly string[] {
  const { output = [] } = commandsWithOutput(text).find((one) => one.command === command) ?? {};
  // Other tests cover what these pages show.
  if (/^# (?:Onboard|.*[Ff]orms)/.test(text)) return [];
  if (isAbout) return output;
  return output.some((line) => /[✗?] |denied at/.test(line)) ? [] : output;
}

function folderFor(page: string, text: string): string {
  const place = join(folder, page.replaceAll('/', '-'));
  mkdirSync(place, { recursive: true });
  for (const name of ['examples', 'events', 'scenarios', 'cloudformation', 'test', 'docs']) {
    symlinkSync(join(root, name), join(place, name));
  }
  for (const [name, said, content] of fetched) {
    if (!said.test(text)) continue;
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), JSON.stringify(content()));
  }
  return place;
}

async function run(command: string) {
  const [line = ''] = command.split(/ (?:\||>|2>|&$)/);
  const words = argumentsOf(
    line.replace(/--port \d+/, '--port 0').replace('$NEW', accounts.world.serviceKeyArn),
  ).flatMap(expanded);
  // The ways to collect are alternatives.
  if (words.includes('collect')) rmSync('acme.scenario.yaml', { force: true });
  // The customer's own staff has no profile for the service.
  const isAlone = words.includes('--customer-profile') && !words.includes('--service-profile');
  if (isAlone) delete process.env['AWS_PROFILE'];
  else process.env['AWS_PROFILE'] = 'service';
  const served = new AbortController();
  if (untilInterrupted.includes(words[0] ?? '')) setTimeout(() => served.abort(), 300);
  const { url } = accounts.sandbox;
  return accounts.run(words, {
    ...(words.includes('offboard')
      ? { stdin: typed('acme\n') }
      : { input: words.includes('explain') ? denied : batch }),
    env: {
      AWS_ENDPOINT_URL: url,
      INTERNAL_BUCKET: accounts.world.internalBucket,
      DELIVERY_ROLE_ARN: accounts.world.deliveryRoleArn,
    },
    interrupted: served.signal,
  });
}

const denied = 'An error occurred (AccessDenied): Access Denied';
const batch = '{"Items": [{"Key": "customers/acme.json"}]}';

function typed(answer: string) {
  return Object.assign(Readable.from([Buffer.from(answer)]), { isTTY: true });
}

/** Expands a star in a file's name, as a shell does. */
function expanded(word: string): readonly string[] {
  if (!word.includes('*') || !word.includes('/')) return [word];
  const pattern = new RegExp(`^${basename(word).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return readdirSync(dirname(word)).flatMap((name) => (pattern.test(name) ? [join(dirname(word), name)] : []));
}
