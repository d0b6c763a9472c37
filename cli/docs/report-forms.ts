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
 * docs/report-forms.md: a report in each of its forms, from real runs in the sandbox. `…` replaces what differs in each run.
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

The same report on a terminal, as a page, for a pipeline and for a program. [report.md](report.md) explains each field, and
[command-line.md](command-line.md#check) each option.

\`npm run docs:forms\` generates this page from real runs in the sandbox. \`…\` replaces what differs in each run: times, IDs.

## On a terminal

${fenced(`$ npm run check -- --scenario ${denied}\n${maskedInColumns(forms.one)}`)}

At the top are the steps with their times, and a drawing with an edge for each permission of the delivery: \`✓\` allowed, \`✗\` denied
or most likely denied, \`!\` can't work because of the bucket, key or Region, \`?\` not ruled out, \`·\` not known or not tried. Then,
for each fault: what was denied, the evidence, who has to act, and what to paste. Faults with a fix in the same document have one remedy.
\`key/00000000…0002\` is a shortened key ARN; \`--verbose\` shows all names in full, all evidence, the reasons for each candidate, and
AWS's raw answers.

The output is as wide as the terminal, at least 40 columns, or 100 columns without one. Color carries no information of its own;
\`--no-color\` and \`NO_COLOR\` turn it off.

## Several events

${fenced(`$ npm run check -- ${several.join(' ')}\n${masked(forms.lines)}…\n${maskedInColumns(forms.table)}`)}

The first lines are progress on stderr; a terminal shows them live. The reports that did not pass follow (\`…\` here), then the table,
with the most severe and slowest first. A narrow terminal shows fewer columns.

## As JSON

${fenced(`$ npm run --silent check -- --scenario ${proven} --json\n${masked(forms.json)}`)}

For programs. The schema is [report.schema.json](report.schema.json).

## As a page

    npm run check -- --scenario ${denied} --html report.html

One file with a drawing of both accounts, in which you can click every permission. [What it shows](html-report.md).

## As JUnit XML

With \`--junit report.xml\`, for a pipeline: a suite per report, a test case per step. What the customer or the service has to fix is a
failure; what says nothing about either is an error.

${fenced(masked(forms.junit), 'xml')}

## In a GitHub workflow

If \`GITHUB_STEP_SUMMARY\` is set, as in every step of GitHub Actions, the report is appended to that file as Markdown:

${fenced(masked(forms.summary), 'markdown')}

## An explained AWS message

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
