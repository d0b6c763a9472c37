import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { main } from '../main.ts';

const denied = 'scenarios/bucket-policy/silent.yaml';
const proven = 'scenarios/identity-policy/decrypt-not-allowed.yaml';
const several = ['scenarios/everything-in-order.yaml', denied, 'scenarios/key-state/disabled.yaml'];
const message = 'An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied';

/**
 * The page of the documentation that shows a report in each of its forms, of real runs in the sandbox. What is another
 * in each run, times and ids, stands there as `…`.
 */
export async function reportFormsPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'report-forms-'));
  try {
    const files = { junit: join(folder, 'report.xml'), summary: join(folder, 'summary.md') };
    const one = await printed(['check', '--scenario', denied]);
    const many = await printed(['check', ...several]);
    const json = await printed(['check', '--scenario', proven, '--json', '--junit', files.junit], {
      GITHUB_STEP_SUMMARY: files.summary,
    });
    const explained = await printed(['explain', message]);
    return page({
      one: one.stdout,
      lines: many.stderr,
      table: tableIn(many.stdout),
      json: json.stdout,
      junit: await readFile(files.junit, 'utf8'),
      summary: await readFile(files.summary, 'utf8'),
      explained: explained.stdout,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function printed(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const written = { stdout: '', stderr: '' };
  const never = new AbortController().signal;
  await main(args, {
    stdin: Readable.from([]),
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    env,
    interrupted: never,
    outputClosed: never,
  });
  return written;
}

type Forms = Readonly<Record<'one' | 'lines' | 'table' | 'json' | 'junit' | 'summary' | 'explained', string>>;

function page(forms: Forms): string {
  return `# The forms of a report

The same report for whoever reads it: on a terminal, as a page, in a pipeline, for a program. What each field means stands
in [report.md](report.md), what each option does in [command-line.md](command-line.md#check).

This page is written by \`npm run docs:forms\`, of real runs in the sandbox; a test holds it to that. \`…\` stands for what
is another in each run: times, ids.

## On a terminal

${fenced(`$ npm run check -- --scenario ${denied}\n${maskedInColumns(forms.one)}`)}

On top the steps, with their times, and each permission of the delivery as an edge of a drawing: \`✓\` allowed, \`✗\` refused
or most likely so, \`!\` cannot work as the bucket, the key or the Region is, \`?\` not ruled out, \`·\` not told or not tried.
Then, for each fault, what was refused and on what evidence; who has to act; what to paste. Faults that are mended in the
same document have one remedy. \`key/00000000…0002\` is a key's ARN in short; \`--verbose\` has all names in full, all of the
evidence, the reasons for each other explanation, and AWS's raw answers.

It is as wide as the terminal, from 40 columns on, and 100 columns wide where there is none. Nothing depends on colour, which
\`--no-color\` and \`NO_COLOR\` turn off.

## Of many events

${fenced(`$ npm run check -- ${several.join(' ')}\n${masked(forms.lines)}…\n${maskedInColumns(forms.table)}`)}

The lines on top are progress, on stderr; on a terminal they are rewritten while the events run. Then follow the reports of
those that did not pass (\`…\` here), and last the table: what needs work first, and of that the slowest. A narrow terminal
has fewer columns of it.

## As JSON

${fenced(`$ npm run --silent check -- --scenario ${proven} --json\n${masked(forms.json)}`)}

For a program: [report.schema.json](report.schema.json) is its schema.

## As a page

    npm run check -- --scenario ${denied} --html report.html

One file, with a drawing of both accounts in which every permission can be clicked. [What it shows](html-report.md).

## As JUnit XML

With \`--junit report.xml\`, for a pipeline: a suite for each report, a test case for each step. What the customer or the
service has to mend is a failure, what says nothing about either an error.

${fenced(masked(forms.junit), 'xml')}

## In a GitHub workflow

Where \`GITHUB_STEP_SUMMARY\` is set, as in every step of GitHub Actions, the same is appended there as Markdown:

${fenced(masked(forms.summary), 'markdown')}

## A message of AWS, explained

${fenced(`$ npm run explain -- "${message}"\n${forms.explained}`)}
`;
}

/** Longer than any fence within. */
function fenced(text: string, language = ''): string {
  const fence = /^\s*```/m.test(text) ? '````' : '```';
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** The summary, without the reports above it. */
function tableIn(text: string): string {
  return text.slice(text.lastIndexOf('\nverdict ') + 1);
}

function masked(text: string): string {
  return text
    .replace(/\d+ ms/g, '… ms')
    .replace(/\d+\.\d s$/gm, '… s')
    .replace(/("durationMs": )[\d.]+/g, '$1…')
    .replace(/("(?:startedAt|requestId|extendedRequestId)": ")[^"]*/g, '$1…')
    .replace(/( (?:time|timestamp)=")[^"]*/g, '$1…')
    .replace(/(?<=configuration-check\/\w+\/)[0-9a-f-]{36}/g, '…');
}

/** What stands below each other stays so. */
function maskedInColumns(text: string): string {
  return text.replace(/ *\d+ ms/g, (time) => '… ms'.padStart(time.length));
}
