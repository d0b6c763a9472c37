import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { parse } from 'yaml';
import { commandTable } from '../../cli/command-table.ts';

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }>
  >;
}

const root = join(import.meta.dirname, '../..');
const workflow = parse(readFileSync(join(root, 'examples/github-workflow.yml'), 'utf8')) as Workflow;

test('the workflow may only read, unless a job says otherwise', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
});

test('every action is pinned to a commit', () => {
  const uses = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
});

test.each(['preflight', 'check'])('its job %s runs the command with existing options', async (name) => {
  const runs = workflow.jobs[name]?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const [, args = ''] = runs.map((run) => /^secure-inbox (\S.*)$/.exec(run)).find(Boolean) ?? [];
  expect(args.startsWith(name)).toBe(true);
  const command = new Command(name);
  (await commandTable.find((row) => row.name === name)?.load())?.declare(command);
  const known = command.options.map(({ long }) => long);
  expect(
    [...args.matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option).filter((each) => !known.includes(each)),
  ).toEqual([]);
});
