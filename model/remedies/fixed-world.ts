import type { RemedyDocument } from '../../core/vocabulary.ts';
import { policyErrors, whoSaves } from '../../policy/grammar.ts';
import { withoutStatements } from '../world/plain-policies.ts';
import type { PolicyStatement, Role, World } from '../world/world.ts';
import { documentIn, edited, withDocument } from './documents.ts';
import type { StatementRemedy } from './remedy.ts';

/** A remedy that could not be applied, because its statement can't be pasted anywhere. */
export interface RefusedRemedy {
  readonly remedy: StatementRemedy;
  readonly why: string;
}

interface FixedWorld {
  readonly world: World;
  readonly refused: readonly RefusedRemedy[];
}

/** The same two accounts in their initial state, with each remedy's statement in its document. */
export function fixedWorld(world: World, remedies: readonly StatementRemedy[]): FixedWorld {
  let fixed = untouched(world);
  const refused: RefusedRemedy[] = [];
  for (const remedy of remedies) {
    const applied = withRemedy(fixed, remedy);
    if (typeof applied === 'string') refused.push({ remedy, why: applied });
    else fixed = applied;
  }
  return { world: fixed, refused };
}

/** Documents are replaced, never modified, so they need no copies. */
function untouched(world: World): World {
  return {
    ...world,
    roles: new Map(world.roles),
    keys: new Map(world.keys),
    buckets: new Map([...world.buckets].map(([name, bucket]) => [name, { ...bucket, objects: new Map() }])),
    // Sessions end with the run that created them.
    callers: new Map([...world.callers].filter(([, { expiresAt }]) => expiresAt === undefined)),
    trail: [],
  };
}

const owners = {
  'identity-policy': 'role',
  'role-trust-policy': 'role',
  'bucket-policy': 'bucket',
  'key-policy': 'key',
} as const satisfies Readonly<Record<RemedyDocument, string>>;

/** The world with the remedy in its document, or why that is not possible. */
function withRemedy(world: World, { document: kind, target: owner, statement }: StatementRemedy): World | string {
  const noun = owners[kind];
  if (!world[`${noun}s`].has(owner)) return `there is no ${noun} ${owner}`;
  const ready = kind === 'identity-policy' ? withInlinePolicyFirst(world, owner) : world;
  const of = { kind, owner, index: 0 };
  const added = { kind: 'add', statement: statement as PolicyStatement } as const;
  const document = edited(documentIn(ready, of) ?? withoutStatements, added);
  const [error] = policyErrors(kind, document);
  return error
    ? `${whoSaves(kind)} would refuse the ${kind} with this statement: ${error}`
    : withDocument(ready, of, document);
}

/** Managed policies have an ARN and may be attached to others too, so one role's statement doesn't belong there. */
function withInlinePolicyFirst(world: World, roleArn: string): World {
  const role = world.roles.get(roleArn);
  if (!role) return world;
  const inline = role.policies.find(({ arn }) => arn === undefined);
  const others = role.policies.filter((other) => other !== inline);
  const policies = [inline ?? { name: 'remedy', document: withoutStatements }, ...others];
  return { ...world, roles: new Map(world.roles).set(roleArn, { ...role, policies } satisfies Role) };
}
