import { placeInWorld } from '../../cli/run/function-settings.ts';
import { registryKeyOf } from '../../core/object-keys.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { type RunningFunction, startFunction } from '../../sandbox/lambda-runtime.ts';
import { defaultScenario } from '../../sandbox/scenario-files.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { storedObject } from '../stored-object.ts';

const registryBucket = 'secure-inbox-registry-111111111111-us-east-1';

let scenario: Scenario;
let sandbox: Sandbox;
let check: RunningFunction;
const lines: string[] = [];

beforeAll(async () => {
  const synthesized = await assembly();
  scenario = await defaultScenario(synthesized);
  store(registryKeyOf('acme'));
  store('elsewhere/acme.json');
  sandbox = await startSandbox({ world: scenario.world });
  const settings = placeInWorld(scenario.world, sandbox.url);
  check = startFunction({ bundleDir: synthesized.bundleDir, ...settings, log: (line) => lines.push(line) });
});

afterAll(async () => {
  await check.stop();
  await sandbox.stop();
});

it("is checked by key alone, with the function's environment from the template", async () => {
  const answer = await check.invoke({ Items: [{ Key: 'customers/acme.json' }] });
  expect(answer).toMatchObject({ reports: [{ customer: 'acme', verdict: 'passed' }] });
  expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ customer: 'acme', verdict: 'passed', origin: 'registry' }),
  );
});

it('has a world with different keys for the topic and for staged reports', () => {
  const aliases = [...scenario.world.keys.values()].map(({ arn, aliases: [alias] }) => [alias, arn]);
  expect(new Set(aliases.map(([, arn]) => arn)).size).toBe(aliases.length);
  expect(Object.fromEntries(aliases)).toMatchObject({
    'alias/secure-inbox-internal': 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001',
  });
});

it('is not read from another place in the registry', async () => {
  const answer = await check.invoke({ Items: [{ Key: 'elsewhere/acme.json' }] });
  expect(answer).toMatchObject({ reports: [{ verdict: 'inconclusive' }] });
  expect(JSON.stringify(answer)).toMatch(/elsewhere\/acme\.json.*AccessDenied/);
});

function store(key: string): void {
  scenario.world.buckets.get(registryBucket)?.objects.set(key, storedObject(key, JSON.stringify(scenario.event)));
}
