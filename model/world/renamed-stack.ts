import { parseArn } from '../../core/arn.ts';
import type { Stack } from './from-templates.ts';

/**
 * A stack under other names: those of a deployment that chose them otherwise.
 *
 * @param names what stands in the stack, and what shall stand there: ARNs of a role or key, and names of buckets
 */
export function renamedStack(stack: Stack, names: ReadonlyMap<string, string>): Stack {
  const changed = [...names].filter(([from, to]) => from !== to);
  if (changed.length === 0) return stack;
  const renamed = withNames(stack, changed) as Stack;
  return {
    ...renamed,
    roles: renamed.roles.map((role) => {
      const arn = parseArn(role.arn);
      if (!arn || !isNew(role.arn, changed)) return role;
      return { ...role, accountId: arn.accountId, name: role.arn.slice(role.arn.lastIndexOf('/') + 1) };
    }),
    keys: renamed.keys.map((key) => {
      const arn = parseArn(key.arn);
      if (!arn || !isNew(key.arn, changed)) return key;
      return { ...key, accountId: arn.accountId, region: arn.region };
    }),
  };
}

type Change = readonly [from: string, to: string];

function isNew(arn: string, changes: readonly Change[]): boolean {
  return changes.some(([, to]) => to === arn);
}

/** In every text of it: names stand in policies, in the function's environment and in outputs too. */
function withNames(value: unknown, changes: readonly Change[]): unknown {
  if (typeof value === 'string') return changes.reduce((text, change) => replaced(text, change), value);
  if (Array.isArray(value)) return value.map((item) => withNames(item, changes));
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  // Where something stands in the template stays as it is.
  const entries = Object.entries(value).map(([key, item]) => [key, key === 'origin' ? item : withNames(item, changes)]);
  return Object.fromEntries(entries);
}

/** Where the name is a part of a longer one, that is another name. */
function replaced(text: string, [from, to]: Change): string {
  if (!text.includes(from)) return text;
  const literal = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w.-])${literal}(?![\\w-]|\\.[\\w])`, 'g'), () => to);
}
