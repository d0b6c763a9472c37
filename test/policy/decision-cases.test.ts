import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  decide,
  type NamedPolicy,
  type Policies,
  type PolicyDocument,
  type Request,
  type Settings,
} from '../../policy/index.ts';

interface DecisionCase {
  readonly id: string;
  readonly name: string;
  readonly request: Omit<Request, 'isUnknown'> & { readonly unknown?: readonly string[] };
  readonly policies: Readonly<Record<string, PolicyDocument & readonly PolicyDocument[]>>;
  readonly settings?: Settings;
  readonly expect: string;
}

const folder = join(import.meta.dirname, '../fixtures/decisions');

function casesIn(file: string): readonly DecisionCase[] {
  const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as DecisionCase);
}

function named(documents: readonly PolicyDocument[] = []): readonly NamedPolicy[] {
  return documents.map((document, at) => ({ name: String(at), document }));
}

function decisionOf({ request, policies, settings }: DecisionCase): string {
  const { identity, permissionsBoundary, serviceControl, resourceControl, ...others } = policies;
  const given = {
    ...others,
    identity: named(identity),
    serviceControl: named(serviceControl),
    resourceControl: named(resourceControl),
    ...(permissionsBoundary && { permissionsBoundary: { name: 'boundary', document: permissionsBoundary } }),
  } as Policies;
  const unknown = new Set(request.unknown?.map((key) => key.toLowerCase()));
  return decide({ ...request, isUnknown: (key) => unknown.has(key) }, given, settings).outcome;
}

it.each(casesIn('documented.jsonl'))('$id $name: $expect', (documented) => {
  expect(decisionOf(documented)).toBe(documented.expect);
});

it.each([
  ['random-conditions.jsonl', 400],
  ['random-layers.jsonl', 250],
  ['operators-and-principals.jsonl', 356],
])('%s: all %i match AWS’s documentation', (file, count) => {
  const cases = casesIn(file);
  const different = cases.filter((one) => decisionOf(one) !== one.expect);
  expect(different.map(({ id }) => id)).toEqual([]);
  expect(cases).toHaveLength(count);
  // If a file had only one kind of answer, an engine that always gives it would pass.
  expect(new Set(cases.map(({ expect: outcome }) => outcome)).size).toBeGreaterThan(1);
});
