import { checks, everyOption, everyOptionInParts } from './customer-checks.ts';
import { customerPolicies } from './customer-policies.ts';
import { piecesOf } from './missed-pieces.ts';
import { deployment } from './worlds.ts';

/**
 * The customer's policies contain nothing unnecessary: if anything is removed, someone lacks a needed permission, or
 * someone gets a permission that no one should have.
 */

it.each(checks)('as shipped, the template $name', async ({ holds }) => {
  expect(await holds((world) => world)).toBe(true);
});

const deployments = { 'in one copy': everyOption, 'in parts': everyOptionInParts };
const policies = Object.entries(customerPolicies).flatMap(([name, policy]) =>
  Object.entries(deployments).map(([how, parameters]) => ({ name, policy, how, parameters })),
);

it.each(policies)('no piece of the $name is unnecessary, $how', async ({ policy, parameters }) => {
  const pieces = await piecesOf((await deployment(parameters)).world, policy, checks);
  const needless = pieces.filter(({ missedBy }) => missedBy === undefined);
  expect(pieces).not.toEqual([]);
  expect(needless.map(({ name }) => name)).toEqual([]);
});
