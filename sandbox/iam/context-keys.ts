import type { PolicyDocument, PolicyStatement } from '../../model/world/world.ts';

/** The condition keys that a policy needs: those that its conditions look at and those that its variables stand for. */
export function contextKeysOf(document: PolicyDocument): ReadonlySet<string> {
  return new Set(statementsOf(document).flatMap(keysOf));
}

/** The same, of the statements that are about an action. */
export function contextKeysFor(document: PolicyDocument, action: string): ReadonlySet<string> {
  return new Set(
    statementsOf(document)
      .filter((statement) => isAbout(statement, action))
      .flatMap(keysOf),
  );
}

function statementsOf({ Statement: statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(statement) ? statement : [statement as PolicyStatement];
}

function keysOf(statement: PolicyStatement): string[] {
  const conditions = Object.values((statement['Condition'] ?? {}) as Readonly<Record<string, object>>);
  const variables = [...JSON.stringify(statement).matchAll(/\$\{([^}?*$][^},]*)/g)].map(([, name = '']) => name.trim());
  return [...conditions.flatMap((operands) => Object.keys(operands)), ...variables];
}

function isAbout(statement: PolicyStatement, action: string): boolean {
  const named = (element: unknown) => [element].flat().some((pattern) => matches(String(pattern), action));
  return statement['NotAction'] === undefined ? named(statement['Action']) : !named(statement['NotAction']);
}

/** `*` and `?`, without regard to case, as in an Action element. */
function matches(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(action);
}
