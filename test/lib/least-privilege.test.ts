import { piecesOf } from '../least-privilege/missed-pieces.ts';
import { checks } from '../least-privilege/service-checks.ts';
import { servicePolicies } from '../least-privilege/service-policies.ts';
import { deployment } from '../least-privilege/worlds.ts';

/** Like the customer's template: if no check needs a piece, either the piece must go or its check is missing. */

it.each(checks)('as synthesized, Account A $name', async ({ holds }) => {
  expect(await holds((world) => world)).toBe(true);
});

const deployments = { 'in one copy': {}, 'in parts': { MultipartDeliveries: 'yes' } };
const policies = Object.entries(servicePolicies).flatMap(([name, policy]) =>
  Object.entries(deployments).map(([how, parameters]) => ({ name, policy, how, parameters })),
);

it.each(policies)('no piece of the $name is unnecessary, $how', async ({ policy, parameters }) => {
  const pieces = await piecesOf((await deployment(parameters)).world, policy, checks);
  const needless = pieces.filter(({ missedBy }) => missedBy === undefined);
  expect(pieces).not.toEqual([]);
  expect(needless.map(({ name }) => name)).toEqual([]);
});
