import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { type CommandRow, commandTable } from '../../cli/command-table.ts';
import { parseTestEvent } from '../../core/event.ts';
import { layers } from '../../core/layers.ts';
import { reportSchema } from '../../core/report.ts';
import { confidences, stepStatuses, steps, verdicts } from '../../core/vocabulary.ts';
import { scenarioSchema } from '../../model/world/scenario-schema.ts';

const root = join(import.meta.dirname, '../..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'events/README.md',
  'examples/README.md',
  'sandbox/BEHAVIOUR.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

describe.each(documents)('%s', (file) => {
  it('has only valid links', () => {
    expect(linksIn(file).filter((link) => !leadsSomewhere(file, link))).toEqual([]);
  });
});

it('finds a link that leads nowhere', () => {
  expect(leadsSomewhere('docs/architecture.md', 'no-such-file.md')).toBe(false);
  expect(leadsSomewhere('docs/architecture.md', 'report.md#no-such-heading')).toBe(false);
  expect(leadsSomewhere('docs/architecture.md', '../README.md')).toBe(true);
});

it('links lead from the README to every page', () => {
  const found = new Set(['README.md']);
  for (const file of found) {
    const targets = linksIn(file).map((link) => relative(root, join(root, dirname(file), link.split('#')[0] ?? '')));
    for (const target of targets.filter((page) => documents.includes(page))) found.add(target);
  }
  expect(documents.filter((file) => !found.has(file) && file !== 'CHANGELOG.md')).toEqual([]);
});

describe('what the docs tell readers to type exists:', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Readonly<Record<string, string>> };
  const lines = documents.flatMap((file) =>
    text(file)
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .flatMap((line) => [...line.matchAll(/npm run (?:--silent )?(\w[\w:-]*)([^|`]*)/g)])
      .map(([, script = '', rest = '']) => ({ file, script, rest })),
  );

  it('npm scripts', () => {
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  it('scenarios', () => {
    const named = documents.flatMap((file) =>
      [...text(file).matchAll(/\bscenarios\/[\w/-]+\.yaml/g)].map(([path]) => path),
    );
    expect(named).not.toEqual([]);
    // CONTRIBUTING.md shows how to write this one.
    const own = 'scenarios/bucket-policy/statement-lost.yaml';
    expect(named.filter((path) => path !== own && !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(commandTable)('options of $name', async (row) => {
    const options = [...(await optionsOf(row)), '--help', '--no-color'];
    const typed = lines
      .filter(
        ({ script, rest }) => script === row.name || (script === 'secure-inbox' && rest.startsWith(` -- ${row.name}`)),
      )
      .flatMap(({ file, rest }) => [...rest.matchAll(/ (--[a-z][a-z-]*)/g)].map(([, option]) => ({ file, option })));
    expect(typed.filter(({ option = '' }) => !options.includes(option))).toEqual([]);
  });
});

it('docs/command-line.md has a section for each command', () => {
  expect(
    commandTable.map(({ name }) => name).filter((name) => !headingsOf('docs/command-line.md').includes(name)),
  ).toEqual([]);
});

it.each(commandTable)('docs/command-line.md, or a page that it names there, has every option of $name', async (row) => {
  const [, ...sections] = text('docs/command-line.md').split(/^## /m);
  const own = sections.find((section) => section.startsWith(`${row.name}\n`)) ?? '';
  const pages = [...own.matchAll(/\]\(([\w-]+\.md)/g)].map(([, page]) => text(`docs/${page}`));
  const described = [own, ...pages].join('\n');
  expect((await optionsOf(row)).filter((option) => !new RegExp(`${option}(?![\\w-])`).test(described))).toEqual([]);
});

it('docs/test-event.md has a row for each field', async () => {
  // For an unknown field, the message names the valid ones.
  const unknown = { nothing: 1 };
  const parsed = await parseTestEvent({ ...unknown, inbox: unknown, internal: unknown }, { region: 'us-east-1' });
  const problems = parsed.valid ? [] : parsed.problems.filter(({ path }) => /(^|\.)nothing$/.test(path));
  const fields = problems.flatMap(({ allowed }) => allowed.split(', '));
  expect(fields).toContain('inbox.kmsKeyArn');
  expect(fields.filter((field) => !text('docs/test-event.md').includes(`| \`${field}\` |`))).toEqual([]);
});

it('docs/scenarios.md has a row for each field', () => {
  const { properties } = z.toJSONSchema(scenarioSchema, { unrepresentable: 'any' });
  const { service, customer, ...top } = properties as Readonly<Record<string, Schema>>;
  const fields = [...Object.keys(top), ...fieldsOf(service), ...fieldsOf(customer)];
  expect(fields).toEqual(expect.arrayContaining(['expect', 'deliveryRole.trustPolicy', 'key.grants']));
  expect(fields.filter((field) => !text('docs/scenarios.md').includes(`\n| \`${field}\` |`))).toEqual([]);
});

it('docs/report.md explains each word and each field of a report', () => {
  const words = [verdicts, stepStatuses, confidences, layers, steps].flatMap((set) => Object.keys(set));
  const { properties } = z.toJSONSchema(reportSchema);
  const fields = fieldNames(properties as Readonly<Record<string, Schema>>);
  expect(fields).toEqual(expect.arrayContaining(['deniedStep', 'extendedRequestId', 'candidates']));
  expect([...words, ...fields].filter((name) => !text('docs/report.md').includes(`\`${name}\``))).toEqual([]);
});

it('docs/decisions/README.md lists every decision, in one sequence', () => {
  const files = readdirSync(join(root, 'docs/decisions')).filter((file) => /^\d/.test(file));
  const listed = [...text('docs/decisions/README.md').matchAll(/^\| \[\d{3}\]\((.*?)\)/gm)].map(([, file]) => file);
  expect(listed).toEqual(files.sort());
  expect(files.map((file) => Number(file.slice(0, 3)))).toEqual(files.map((_, index) => index + 1));
});

it("docs/decisions/README.md uses every decision's own title", () => {
  const rows = [...text('docs/decisions/README.md').matchAll(/^\| \[(\d{3})\]\((.*?)\) \| (.*?) \|/gm)];
  expect(rows.map(([, number, , title]) => `# ${number}: ${title}`)).toEqual(
    rows.map(([, , file]) => text(`docs/decisions/${file}`).split('\n')[0]),
  );
});

/** Every long option of a command, from its `--help`. */
async function optionsOf({ load }: CommandRow): Promise<readonly string[]> {
  const command = new Command();
  (await load()).declare(command);
  return command.options.flatMap(({ long }) => (long == null ? [] : [long]));
}

/** Targets of relative links, except those in code. */
function linksIn(file: string): readonly string[] {
  const prose = text(file)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, 'code');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target));
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? file : relative(root, join(root, dirname(file), path));
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

/** Headings in the format of a Markdown page's anchors. */
function headingsOf(file: string): readonly string[] {
  return [...text(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** The fields of an object and of nested objects, such as `inbox.exists`. */
function fieldsOf(schema: Schema | undefined): readonly string[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => {
    const isGroup =
      field.properties !== undefined && ['deliveryRole', 'checkRole', 'internal', 'inbox', 'key'].includes(name);
    return isGroup ? fieldsOf(field).map((inner) => `${name}.${inner}`) : [name];
  });
}

/** The names of all fields, at any depth. */
function fieldNames(properties: Readonly<Record<string, Schema>>): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => [
    name,
    ...fieldNames(field.properties ?? field.items?.properties ?? {}),
  ]);
}
