import path from 'node:path';
import { brokenPromises, type Tally } from '../../cli/catalog/catalog-tally.ts';
import { runCatalog } from '../../cli/catalog/run-catalog.ts';
import { scenarioFilesIn } from '../../cli/input/scenario-files.ts';
import { noProgress } from '../../cli/progress.ts';
import { namesOf, steps } from '../../core/vocabulary.ts';
import type { ScenarioFile } from '../../model/world/scenario-schema.ts';
import { readScenarioFile } from '../../sandbox/scenario-files.ts';

const folder = path.join(import.meta.dirname, '../../scenarios');

let scenarios: readonly { readonly file: string; readonly scenario: ScenarioFile }[];
beforeAll(async () => {
  const files = await scenarioFilesIn(folder);
  scenarios = await Promise.all(
    files.map(async (file) => ({ file, scenario: (await readScenarioFile(file)).scenario })),
  );
});

describe('the fault catalog', () => {
  test('gives each world a unique name and a public source', () => {
    const names = scenarios.map(({ scenario }) => scenario.name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(scenarios.filter(({ scenario }) => !/^https:\/\/\S+$/m.test(scenario.why)).map(({ file }) => file)).toEqual(
      [],
    );
  });

  test('lists the faults of each world in step order', () => {
    const order = namesOf(steps);
    const unordered = scenarios.filter(({ scenario }) => {
      const places = (scenario.expect.denials ?? []).map(({ step }) => (step ? order.indexOf(step) : -1));
      return places.some((place, at) => at > 0 && place < (places[at - 1] ?? 0));
    });
    expect(unordered.map(({ file }) => file)).toEqual([]);
  });

  test('has worlds that only look broken', () => {
    const fine = scenarios.filter(({ scenario }) => scenario.expect.verdict === 'passed');
    expect(fine.length).toBeGreaterThanOrEqual(25);
  });

  test.each([
    'identity-policy',
    'permissions-boundary',
    'session-policy',
    'role-trust-policy',
    'service-control-policy',
    'resource-control-policy',
    'vpc-endpoint-policy',
    'bucket-policy',
    'block-public-access',
    'key-policy',
    'key-state',
    'bucket-owner',
    'bucket-missing',
    'key-missing',
    'region',
  ])('has a world with %s at fault', (layer) => {
    const faults = scenarios.flatMap(({ scenario }) => scenario.expect.denials ?? []);
    expect(faults.map((fault) => fault.layer)).toContain(layer);
  });
});

/** `npm run catalog` takes all scenarios, and much longer; these are some from every folder. */
const everyEighteenth = <T>(items: readonly T[]) => items.filter((_, at) => at % 18 === 6);

describe('the check in an eighteenth of the worlds of the catalog', () => {
  let tally: Tally;
  beforeAll(async () => {
    scenarios = everyEighteenth(scenarios);
    tally = await runCatalog({
      files: scenarios.map(({ file }) => file),
      verifyRemedies: false,
      progress: noProgress,
    });
  }, 600_000);

  test('could be run', () => {
    expect(tally.failedToLoad).toEqual([]);
    expect(tally.scenarios).toBe(scenarios.length);
  });

  test('reports the right verdict and step, and calls nothing wrong proven', () => {
    expect(brokenPromises(tally).map(({ file, check }) => ({ file, ...check }))).toEqual([]);
    expect(tally.check.wrongProven).toBe(0);
  });

  test('names the first fault in at least five of six', () => {
    expect(tally.check.exact).toBeGreaterThanOrEqual(Math.ceil((scenarios.length * 5) / 6));
  });

  test('has the first fault among its candidates if it does not name it', () => {
    const uncovered = tally.mismatches.filter(({ check }) => !check.score.covered);
    expect(uncovered.map(({ file }) => file)).toEqual([]);
  });

  test('proposes statements that fix their fault and grant nothing else', () => {
    expect(tally.preflight.remediesOffered).toBeGreaterThan(10);
    expect(tally.defectiveRemedies).toEqual([]);
  });
});
