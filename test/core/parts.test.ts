import { toJSONSchema } from 'zod';
import { partNames, partRow, parts, policyPartNames } from '../../core/parts.ts';
import { scenarioSchema } from '../../model/world/scenario-schema.ts';
import { policyKinds } from '../../policy/policy-kinds.ts';

test('there is a part for each kind of policy, and a part for no other', () => {
  expect(new Set(policyPartNames.map((part) => parts[part].kind))).toEqual(new Set(Object.keys(policyKinds)));
});

test.each(['place', 'option', 'title'] as const)('no two parts have the same %s', (field) => {
  const values = partNames.flatMap((part) => partRow(part)[field] ?? []);
  expect(values).toEqual([...new Set(values)]);
});

test('parts with an option can be recognized by their file name', () => {
  for (const part of partNames.filter((one) => partRow(one).option))
    expect(partRow(part).fileName).toBeInstanceOf(RegExp);
});

test.each(partNames)('%s is a field that a scenario can have', (part) => {
  const schema = toJSONSchema(scenarioSchema, { unrepresentable: 'any' });
  const found = part.split('.').reduce<unknown>((at, field) => fieldOf(at, field), schema);
  expect(found).toBeDefined();
});

function fieldOf(at: unknown, field: string): unknown {
  return typeof at === 'object' && at !== null && 'properties' in at && typeof at.properties === 'object'
    ? (at.properties as Record<string, unknown>)[field]
    : undefined;
}
