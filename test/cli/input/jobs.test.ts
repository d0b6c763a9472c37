import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type GivenFiles, jobsInWorlds, readJobFiles, withExplaining } from '../../../cli/input/jobs.ts';
import { scenarioFilesIn } from '../../../cli/input/scenario-files.ts';
import { InputError } from '../../../model/text/input-error.ts';
import type { Scenario } from '../../../model/world/scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'jobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const event = file('event.json', '{"customer": "acme", "inbox": {}}');
const scenario = file('scenario.yaml', 'name: A world\nwhy: because\nexpect: { verdict: passed }\n');
const list = file('list.json', '[]');
const read = (given: Partial<GivenFiles>, input = '') =>
  readJobFiles({ events: [], scenarios: [], either: [], ...given }, Readable.from([Buffer.from(input)]));

test('reads events from files and stdin, in their order', async () => {
  const { events } = await read({ events: ['-', event] }, 'customer: from-stdin');
  expect(events.map(({ title, event: value }) => [title, value])).toEqual([
    ['standard input', { customer: 'from-stdin' }],
    [event, { customer: 'acme', inbox: {} }],
  ]);
});

test('distinguishes events and scenarios by their content', async () => {
  const { events, scenarios } = await read({ either: [scenario, event], scenarios: ['given.yaml'] });
  expect(events.map(({ title }) => title)).toEqual([event]);
  expect(scenarios).toEqual(['given.yaml', scenario]);
});

test.each([
  { given: { events: [list] }, says: `${list}: holds a list. Allowed: one test event, an object;` },
  { given: { events: [scenario] }, says: `${scenario}: is a scenario, not a test event: give it with --scenario.` },
  { given: { events: ['-'], either: ['-'] }, says: 'Standard input (-) can be read once only.' },
  { given: { events: [folder] }, says: `${folder}: cannot be read: is a folder, where a file is expected.` },
])('refuses $given', async ({ given, says }) => {
  const refusal: unknown = await read(given).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InputError);
  expect(String(refusal)).toContain(says);
});

describe('jobs', () => {
  const worlds = ['a', 'b'].map((name) => ({ name, file: `${name}.yaml`, event: { customer: name } }) as Scenario);
  const events = [
    { title: 'one.json', event: 1 },
    { title: 'two.json', event: 2 },
  ];
  const titles = (scenarios: readonly Scenario[], given: typeof events) =>
    jobsInWorlds(scenarios, given).map(({ title, event: value, scenario: world }) => [title, value, world?.name]);

  test("without events: each scenario's own", () => {
    expect(titles(worlds, [])).toEqual([
      ['a.yaml', { customer: 'a' }, 'a'],
      ['b.yaml', { customer: 'b' }, 'b'],
    ]);
  });

  test('events in one world keep their names', () => {
    expect(titles(worlds.slice(0, 1), events)).toEqual([
      ['one.json', 1, 'a'],
      ['two.json', 2, 'a'],
    ]);
  });

  test('events in several worlds: each in each', () => {
    expect(titles(worlds, events).map(([title]) => title)).toEqual([
      'one.json in a.yaml',
      'two.json in a.yaml',
      'one.json in b.yaml',
      'two.json in b.yaml',
    ]);
  });
});

test.each([
  { given: { customer: 'a' }, set: { customer: 'a', diagnosis: 'full' } },
  { given: { customer: 'a', diagnosis: 'none' }, set: { customer: 'a', diagnosis: 'full' } },
  { given: { customers: [{ customer: 'a' }] }, set: { customers: [{ customer: 'a', diagnosis: 'full' }] } },
])('sets the diagnosis of $given', ({ given, set }) => {
  expect(withExplaining(given, { diagnosis: 'full' })).toEqual(set);
});

test('finds the scenarios of a folder and its folders, and only these', async () => {
  expect(await scenarioFilesIn(folder)).toEqual([scenario]);
  await expect(scenarioFilesIn(join(folder, 'nowhere'))).rejects.toThrow('nowhere: no such folder.');
  await expect(scenarioFilesIn(event)).rejects.toThrow('is a file: check it with check --scenario.');
  await expect(scenarioFilesIn(join(__dirname, '../run'))).rejects.toThrow('holds no scenario');
});
