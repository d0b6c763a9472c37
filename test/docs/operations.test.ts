import type { Job } from '../../cli/run/job.ts';
import { inSandbox } from '../../cli/run/served-worlds.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { synthesized } from '../lib/synthesized.ts';
import { type Checks, type Delivery, plays } from './plays.ts';
import { answersBelow, page, section } from './runbook.ts';

/** Layers that are a wrong setting, not a denied permission. */
const settings = ['bucket-missing', 'key-missing', 'key-state', 'region'];

/** A check's answer, from all faults of both accounts. */
function answerOf({ world, event }: Delivery): string {
  const faults = faultsOf(world, event);
  const [first] = faults;
  if (first === undefined) return 'passed';
  const ofStep = faults.filter(({ step }) => step === first.step);
  return `${ofStep.every(({ layer }) => settings.includes(layer)) ? 'misconfigured' : 'denied'} at ${first.step}`;
}

/** The anchor that GitHub generates for a heading. */
function fragmentOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

async function answersTo(columns: Checks): Promise<Readonly<Record<string, string>>> {
  const answers = Object.entries(columns).map(async ([column, delivery]) => [column, answerOf(delivery)] as const);
  return Object.fromEntries(await Promise.all(answers));
}

describe.each(plays)('$heading, $title,', ({ heading, rows }) => {
  it('has after each step the answers that the runbook says', async () => {
    const stages = await rows();
    expect(await Promise.all(stages.map(answersTo))).toEqual(answersBelow(heading));
  });
});

it('the deployed bundle checks as the new role while the role is renamed', async () => {
  const heading = 'Rename the delivery role';
  const stages = (await plays.find((play) => play.heading === heading)?.rows()) ?? [];
  const column = 'as the new role';
  const deliveries = stages.flatMap((columns) => columns[column] ?? []);
  const jobs = deliveries.map(({ world, event }): Job => {
    const scenario = { name: heading, why: 'a test', world, event, unknown: [] };
    return {
      title: heading,
      event: { ...event, diagnosis: 'none' },
      scenario: { ...scenario, expect: { verdict: 'passed', denials: [] } },
    };
  });
  const answers: string[] = [];
  const { bundleDir } = await assembly();
  await inSandbox({ bundleDir })(jobs, (at, { answer }) => {
    if (answer.kind !== 'reports') throw new Error(answer.message);
    answers[at] = [answer.reports[0]?.verdict, answer.reports[0]?.deniedStep].filter(Boolean).join(' at ');
  });
  expect(answers).toEqual(answersBelow(heading).map((columns) => columns[column]));
});

describe('what the runbook names exists:', () => {
  const template = synthesized({ onboardedAccounts: ['222222222222'] }).toJSON();
  const text = JSON.stringify(template);
  const resources = Object.values(template['Resources']) as { Type: string; Properties?: Record<string, unknown> }[];
  const alarmResources = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const nameOf = ({ Properties }: { Properties?: Record<string, unknown> }) =>
    String(Properties?.['AlarmName']).replace('secure-inbox-', '');
  const alarms = alarmResources.map(nameOf);
  const table = section('Operations')
    .split('\n')
    .filter((line) => /\balarms?\b/.test(line) && line.startsWith('|'));

  it('every alarm has a section, and no other alarm is named', () => {
    const named = table.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name]) => name),
    );
    expect([...named].sort()).toEqual([...alarms].sort());
  });

  it.each(alarmResources.map((alarm) => [nameOf(alarm), String(alarm.Properties?.['AlarmDescription'])]))(
    'the alarm %s says where its section is, and the table says the same',
    (name, description) => {
      const [, anchor] = /Runbook: docs\/operations\.md#([a-z-]+)$/.exec(description) ?? [];
      const row = table.find((line) => line.includes(`\`${name}\``));
      expect(row).toContain(`](#${anchor})`);
      expect([...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => fragmentOf(heading))).toContain(anchor);
    },
  );

  it('outputs of the stack', () => {
    const named = [...page.matchAll(/\$\(output (\w+)\)/g)].map(([, name]) => name);
    expect(named).toContain('RegistryBucketName');
    expect(named.filter((name) => name === undefined || !(name in template['Outputs']))).toEqual([]);
  });

  it('queues, tables, schedules, queries and functions', () => {
    const named = [
      ...page.matchAll(/(?:-name|-prefix|-name-prefix) (secure-inbox-[a-z-]+|secure_inbox\w+|customer_\w+)/g),
    ].map(([, name]) => name);
    expect(named).toEqual(expect.arrayContaining(['secure-inbox-not-checked', 'secure-inbox-health-check']));
    expect(named.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
  });
});

it('every section starts with what it means for reports', () => {
  const [, ...sections] = page.split(/^## /m);
  const without = sections
    .filter((text) => !/^[^\n]+\n\n\*\*Impact\.\*\* /.test(text))
    .map((text) => text.split('\n')[0]);
  expect(without).toEqual(['Before you begin']);
});
