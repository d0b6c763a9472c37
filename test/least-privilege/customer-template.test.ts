import { checks, everyOption } from './customer-checks.ts';
import { customerPolicies } from './customer-policies.ts';
import { piecesOf } from './missed-pieces.ts';
import { deployment } from './worlds.ts';

/**
 * Nothing is in the customer's policies that nobody needs: whatever is taken out, somebody misses something, or somebody
 * may do what nobody should.
 */

it.each(checks)('as shipped, the template $name', async ({ holds }) => {
  expect(await holds((world) => world)).toBe(true);
});

it.each(Object.entries(customerPolicies))('no piece of the %s could go', async (_, policy) => {
  const pieces = await piecesOf((await deployment(everyOption)).world, policy, checks);
  const needless = pieces.filter(({ missedBy }) => missedBy === undefined);
  expect(pieces).not.toEqual([]);
  expect(needless.map(({ name }) => name)).toEqual([]);
});
