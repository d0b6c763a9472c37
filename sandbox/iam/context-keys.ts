import type { PolicyDocument, PolicyStatement } from '../../model/world/world.ts';

/** The condition keys that a policy needs: those that its conditions look at and those that its variables stand for. */
export function contextKeysOf(document: PolicyDocument): ReadonlySet<string> {
  return new Set(statementsOf(document).flatMap(keysOf));
}

function statementsOf({ Statement: statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(statement) ? statement : [statement as PolicyStatement];
}

function keysOf(statement: PolicyStatement): string[] {
  const conditions = Object.values((statement['Condition'] ?? {}) as Readonly<Record<string, object>>);
  const variables = [...JSON.stringify(statement).matchAll(/\$\{([^}?*$][^},]*)/g)].map(([, name = '']) => name.trim());
  return [...conditions.flatMap((operands) => Object.keys(operands)), ...variables];
}
