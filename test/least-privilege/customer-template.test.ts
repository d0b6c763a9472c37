import { changing } from './attached-policy.ts';
import { firstBroken } from './check.ts';
import { checks, everyOption } from './customer-checks.ts';
import { customerPolicies } from './customer-policies.ts';
import { ablationsOf } from './pieces.ts';
import { deployment } from './worlds.ts';

/**
 * Nothing is in the customer's policies that nobody needs: whatever is taken out, somebody misses something, or somebody
 * may do what nobody should.
 */

it.each(checks)('as shipped, the template $name', async ({ holds }) => {
  expect(await holds((world) => world)).toBe(true);
});

it.each(Object.entries(customerPolicies))('no piece of the %s could go', async (_, policy) => {
  const document = policy.of((await deployment(everyOption)).world);
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
