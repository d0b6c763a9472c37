import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured } from '../../cli/captured.ts';

const denied = 'scenarios/bucket-policy/silent.yaml';
const proven = 'scenarios/identity-policy/decrypt-not-allowed.yaml';
const several = ['scenarios/everything-in-order.yaml', denied, 'scenarios/key-state/disabled.yaml'];
const message = 'An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied';

/**
 * docs/report-forms.md: a report in each of its forms, from real runs in the sandbox. `…` replaces what differs between
 * runs.
 */
export async function reportFormsPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'report-forms-'));
  try {
    const files = { junit: join(folder, 'report.xml'), summary: join(folder, 'summary.md') };
    const one = await captured(['check', '--scenario', denied], {});
    const many = await captured(['check', ...several], {});
    await captured(['check', '--scenario', proven, '--junit', files.junit], {
      GITHUB_STEP_SUMMARY: files.summary,
    });
    const explained = await captured(['explain', message], {});
    return page({
      one: one.stdout,
      lines: many.stderr,
      table: tableIn(many.stdout),
      junit: await readFile(files.junit, 'utf8'),
      summary: await readFile(files.summary, 'utf8'),
      explained: explained.stdout,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Forms = Readonly<Record<'one' | 'lines' | 'table' | 'junit' | 'summary' | 'explained', string>>;

function page(forms: Forms): string {
  return `# The forms of a report

The same report on a terminal, as a page, for a pipeline and for a program, from real runs in the sandbox. \`…\` replaces
what is cut or differs in each run.

| form | with | |
|---|---|---|
| on a terminal | | [below](#on-a-terminal) |
| JSON, for programs | \`--json\` | [its fields, with an example](report.md), [schema](report.schema.json) |
| a page, with a drawing in which you can click every permission | \`--html FILE\` | [what it shows](html-report.md) |
| JUnit XML | \`--junit FILE\` | [below](#as-junit-xml) |
| Markdown | \`GITHUB_STEP_SUMMARY\`, as in every step of GitHub Actions | [below](#in-a-github-workflow) |

## On a terminal

${fenced(`$ npm run check -- --scenario ${denied}\n${maskedInColumns(forms.one)}`)}

The drawing has an edge for each permission of the delivery: \`✓\` allowed, \`✗\` denied or most likely denied, \`!\` can't
work because of the bucket, key or Region, \`?\` not ruled out, \`·\` not known or not tried. Faults with a fix in the
same document have one remedy.

## Several events

${fenced(`$ npm run check -- ${several.join(' ')}\n${masked(forms.lines)}…\n${maskedInColumns(forms.table)}`)}

The first lines are progress on stderr. The reports that did not pass follow (\`…\` here), then the table.

## As JUnit XML

A suite per report, a test case per step. \`denied\` and \`misconfigured\` are failures, \`inconclusive\` is an error.

${fenced(cut(cut(masked(forms.junit), /(?<=\n\n {2}1\. [^\n]*\n[^\n]*\n)[\s\S]*?(?=\nPermissions of this step)/), /(?<=<testsuite [^\n]*\n)[\s\S]*?(?= {4}<testcase name="copy-to-inbox")/), 'xml')}

## In a GitHub workflow

The report is appended to the step's summary:

${fenced(cut(masked(forms.summary), /(?<= {3}What to do [^\n]{60})[\s\S]*?(?=\n\| step)/), 'markdown')}

## An explained AWS message

${fenced(cut(`$ npm run explain -- "${message}"\n${forms.explained}`, /(?<= {5}- bucket-policy: [^-]*\n) {5}- [\s\S]*?(?=\n {5}What to do)/))}
`;
}

/** The fence is longer than any fence inside. */
function fenced(text: string, language = ''): string {
  const fence = /^\s*```/m.test(text) ? '````' : '```';
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** The summary without the reports above it. */
function tableIn(text: string): string {
  return text.slice(text.lastIndexOf('\nverdict ') + 1);
}

function masked(text: string): string {
  return text
    .replace(/\d+ ms/g, '… ms')
    .replace(/\d+\.\d s$/gm, '… s')
    .replace(/( (?:time|timestamp)=")[^"]*/g, '$1…')
    .replace(/(?<=configuration-check\/\w+\/)[0-9a-f-]{36}/g, '…');
}

/** Leaves out what is already shown in another form. */
function cut(text: string, repeated: RegExp): string {
  return text.replace(repeated, '…\n');
}

/** Keeps columns aligned. */
function maskedInColumns(text: string): string {
  return text.replace(/ *\d+ ms/g, (time) => '… ms'.padStart(time.length));
}
