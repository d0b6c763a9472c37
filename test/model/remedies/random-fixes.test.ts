import * as fc from 'fast-check';
import { type Fault, faultsOf } from '../../../model/analysis/faults.ts';
import { documentIn, documentsOf, edited, isSameDocument } from '../../../model/remedies/documents.ts';
import { fixesFor } from '../../../model/remedies/fixes.ts';
import { openingsOf } from '../../../model/remedies/openings.ts';
import type { Scenario } from '../../../model/world/scenario.ts';
import { ScenarioError } from '../../../model/world/scenario-error.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { defaultScenario, scenarioOf } from '../../../sandbox/scenario-files.ts';
import { randomWorld } from '../../random-worlds/random-world.ts';
import type { ScenarioParts } from '../../random-worlds/scenario-parts.ts';
import { shippedStatements } from '../../random-worlds/shipped-statements.ts';

/** Undefined for a policy that IAM would not save. */
async function built(parts: ScenarioParts): Promise<Scenario | undefined> {
  const file = { name: 'random', why: 'a test', expect: { verdict: 'passed' as const }, ...parts };
  try {
    return await scenarioOf(file, await assembly());
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}

/** One layer may deny an edge with several Deny statements. */
function denial({ layer, action, resource, effect, statement }: Fault): string {
  const denying = effect === 'explicit' ? [statement?.policy, statement?.index] : [];
  return [layer, action, resource, effect, ...denying].join(' ');
}

const worlds = 12;

test('after random changes, what is reported as fixed is fixed, and no one else gets access', async () => {
  const { world: shipped } = await defaultScenario(await assembly());
  let changed = 0;
  const property = fc.asyncProperty(randomWorld(shippedStatements(shipped)), async (parts) => {
    const scenario = await built(parts);
    fc.pre(scenario !== undefined);
    const { world, event } = scenario;
    const faults = faultsOf(world, event);
    fc.pre(faults.length > 0);
    const { fixes, fixed, left } = fixesFor(world, event, faults, documentsOf(world, event));
    changed += fixes.length;

    expect(left).toEqual(faultsOf(fixed, event));
    const fixedFaults = fixes.flatMap((fix) => fix.faults.map(denial));
    expect(left.map(denial).filter((one) => fixedFaults.includes(one))).toEqual([]);
    const changes = fixes.map(({ edit }) => ({ statement: edit.statement }));
    // If a Deny exempts the role, the role's own Allow decides.
    const own = [world.deliveryRoleArn, world.checkRoleArn, event.deliveryRoleArn];
    const openings = openingsOf(world, fixed, event, changes);
    expect(openings.filter(({ request: { caller } }) => !own.includes(caller.roleArn))).toEqual([]);
    for (const of of documentsOf(world, event)) {
      const its = fixes.filter(({ document }) => isSameDocument(document, of));
      const before = documentIn(world, of);
      expect(documentIn(fixed, of)).toEqual(
        before && its.reduce((document, { edit }) => edited(document, edit), before),
      );
    }
  });
  await fc.assert(property, { numRuns: worlds, seed: 20261122, maxSkipsPerRun: 20 });
  expect(changed).toBeGreaterThan(worlds / 3);
});
