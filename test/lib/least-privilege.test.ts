import { changing } from '../least-privilege/attached-policy.ts';
import { firstBroken } from '../least-privilege/check.ts';
import { ablationsOf } from '../least-privilege/pieces.ts';
import { checks } from '../least-privilege/service-checks.ts';
import { servicePolicies } from '../least-privilege/service-policies.ts';
import { deployment } from '../least-privilege/worlds.ts';

/** As for the customer's template: a piece that no check misses has to go, or the check that it is for is missing. */

it.each(checks)('as synthesized, Account A $name', async ({ holds }) => {
  expect(await holds((world) => world)).toBe(true);
});

it.each(Object.entries(servicePolicies))('no piece of the %s could go', async (_, policy) => {
  const document = policy.of((await deployment()).world);
  if (document === undefined) throw new Error('The stack makes no such policy.');
  const ablations = ablationsOf(document);
  const needless: string[] = [];
  for (const ablation of ablations) {
    const broken = await firstBroken(checks, changing(policy, ablation.in));
    if (broken === undefined) needless.push(ablation.name);
  }
  expect(ablations).not.toEqual([]);
  expect(needless).toEqual([]);
});
