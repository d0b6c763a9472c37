import { existsSync } from 'node:fs';
import { SandboxChecker } from '../../../cli/conformance/checkers.ts';
import { differences } from '../../../cli/conformance/compare-answers.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { accountIds, startDouble } from './aws/double.ts';
import { replayed } from './replayed.ts';
import { conformance, kinds, leftIn, type Ran, useFolder } from './running.ts';

useFolder();

describe('in two accounts that answer as the sandbox does', () => {
  let ran: Ran;
  let left: readonly string[];
  let sent: ReadonlyMap<string, number>;

  beforeAll(async () => {
    const double = await startDouble({ organizations: { service: 'o-a1b2c3d4e5' } });
    ran = await conformance(double, [...double.args, '--yes', '--json', '--scenario', ...kinds]);
    left = leftIn(double);
    const writes = double.sandbox.calls.filter(({ operation }) =>
      /^(Create|Put|Update|Enable|Disable|Revoke)/.test(operation),
    );
    const counts = new Map<string, number>();
    for (const { operation } of writes) counts.set(operation, (counts.get(operation) ?? 0) + 1);
    sent = counts;
    await double.stop();
  });

  it('finds no difference in any world', () => {
    expect(ran.stderr).not.toContain('bug');
    const { scenarios: worlds, leftOut } = ran.printed();
    expect(
      worlds.flatMap(({ file, differences: found, refusal }) =>
        found.length > 0 || refusal ? [{ file, found, refusal }] : [],
      ),
    ).toEqual([]);
    expect(worlds.map(({ file }) => file).sort()).toEqual(['scenarios/everything-in-order.yaml', ...kinds].sort());
    expect(leftOut).toEqual([]);
    expect(ran.status).toBe(0);
  });

  it('leaves nothing in the accounts, and no state file', () => {
    expect(left).toEqual([]);
    expect(ran.printed().left).toEqual([]);
    expect(existsSync(ran.state)).toBe(false);
  });

  it('records the answers, without account IDs and names of the run', () => {
    expect(ran.recording).toHaveLength(kinds.length + 1);
    const text = JSON.stringify(ran.recording);
    expect(text).not.toMatch(
      new RegExp([...Object.values(accountIds), ran.printed().prefix, 'o-a1b2c3d4e5'].join('|')),
    );
    expect(ran.recording.map(({ observed }) => observed.report.verdict)).toEqual(
      expect.arrayContaining(['passed', 'denied', 'misconfigured']),
    );
    expect(ran.recording.every(({ from }) => from === 'another endpoint')).toBe(true);
  });

  it('the sandbox replays the recording without a difference, and finds one that is planted', async () => {
    const synthesized = await assembly();
    const sandbox = new SandboxChecker(synthesized.bundleDir);
    try {
      const found = [];
      for (const row of ran.recording)
        found.push(...differences(row.observed, await replayed(row, synthesized, sandbox)));
      expect(found).toEqual([]);
      const [row] = ran.recording.filter(({ observed }) => observed.report.verdict === 'denied');
      if (!row) throw new Error('No world is denied');
      const [first, ...others] = row.observed.answers;
      const answers = [{ ...first, request: first?.request ?? '', status: 418 }, ...others];
      const planted = { ...row, observed: { ...row.observed, answers } };
      expect(differences(planted.observed, await replayed(planted, synthesized, sandbox))).toHaveLength(1);
    } finally {
      await sandbox.end();
    }
  });

  it('sends exactly what its plan lists', async () => {
    const double = await startDouble({ organizations: { service: 'o-a1b2c3d4e5' } });
    const plan = await conformance(double, [...double.args, '--plan', '--json', '--scenario', ...kinds]);
    await double.stop();
    const planned = new Map<string, number>();
    const { create, put } = plan.printed().calls;
    for (const { operation, count } of [...create, ...put])
      planned.set(operation, (planned.get(operation) ?? 0) + count);
    // PutObject is only sent by the check.
    const own = [...sent].filter(([operation]) => operation !== 'PutObject');
    expect(Object.fromEntries(own)).toEqual(
      Object.fromEntries([...planned].filter(([operation]) => sent.has(operation))),
    );
    expect(leftIn(double)).toEqual([]);
  });
});

it('waits until a change is in force', async () => {
  const double = await startDouble({ lagMs: 500 });
  const some = kinds.filter((file) => /trust-policy\/silent|constrained-to/.test(file));
  const ran = await conformance(double, [
    ...double.args,
    '--yes',
    '--json',
    '--settle',
    '1s',
    '--deadline',
    '20s',
    '--scenario',
    ...some,
  ]);
  await double.stop();
  expect(ran.printed().scenarios.map(({ outcome }) => outcome)).toEqual(['same', 'same', 'same']);
});

it('knows Block Public Access of the whole account', async () => {
  const on = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: true };
  const double = await startDouble();
  const customer = double.world.accounts.get(accountIds.customer);
  if (customer)
    (double.world.accounts as Map<string, typeof customer>).set(customer.id, { ...customer, publicAccessBlock: on });
  const scenario = 'scenarios/not-broken/public-policy-without-block.yaml';
  const ran = await conformance(double, [...double.args, '--yes', '--json', '--scenario', scenario]);
  await double.stop();
  const [, world] = ran.recording;
  expect(ran.printed().scenarios.map(({ outcome }) => outcome)).toEqual(['same', 'same']);
  // Without anything else, the scenario passes.
  expect(world).toMatchObject({
    file: scenario,
    accountBlocks: { customer: on },
    observed: { report: { verdict: 'denied' } },
  });
});
