import type { RemedyDocument } from '../../core/vocabulary.ts';
import { policyErrors, whoSaves } from '../../policy/grammar.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { Policy, PolicyDocument, PolicyStatement, Role, World } from '../world/world.ts';
import type { StatementRemedy } from './remedy.ts';

/** A remedy that could not be applied: nobody could paste it. */
export interface RefusedRemedy {
  readonly remedy: StatementRemedy;
  readonly why: string;
}

interface Mended {
  readonly world: World;
  readonly refused: readonly RefusedRemedy[];
}

/** The same two accounts before anything was done in them, with each remedy's statement in the document that it names. */
export function mendedWorld(world: World, remedies: readonly StatementRemedy[]): Mended {
  const copy = untouched(world);
  const refused = remedies.flatMap((remedy) => {
    const why = places[remedy.document](copy, remedy);
    return why === undefined ? [] : [{ remedy, why }];
  });
  return { world: copy, refused };
}

/** Documents are never changed but replaced, so that they need no copies. */
function untouched(world: World): World {
  return {
    ...world,
    roles: new Map(world.roles),
    keys: new Map(world.keys),
    buckets: new Map([...world.buckets].map(([name, bucket]) => [name, { ...bucket, objects: new Map() }])),
    // Sessions end with the run that they were made in.
    callers: new Map([...world.callers].filter(([, { expiresAt }]) => expiresAt === undefined)),
    trail: [],
  };
}

/** Puts a remedy where it belongs; or says why that cannot be done, and changes nothing. */
type Place = (world: World, remedy: StatementRemedy) => string | undefined;

const places: Readonly<Record<RemedyDocument, Place>> = {
  'identity-policy': ({ roles }, remedy) => {
    const role = roles.get(remedy.target);
    if (!role) return `there is no role ${remedy.target}`;
    const { policy, rest } = inlinePolicy(role);
    return saved(remedy, policy.document, (document) => {
      roles.set(role.arn, { ...role, policies: [{ ...policy, document }, ...rest] });
    });
  },
  'role-trust-policy': ({ roles }, remedy) => {
    const role = roles.get(remedy.target);
    if (!role) return `there is no role ${remedy.target}`;
    return saved(remedy, role.trustPolicy, (trustPolicy) => roles.set(role.arn, { ...role, trustPolicy }));
  },
  'bucket-policy': ({ buckets }, remedy) => {
    const bucket = buckets.get(remedy.target);
    if (!bucket) return `there is no bucket ${remedy.target}`;
    return saved(remedy, bucket.policy, (policy) => buckets.set(bucket.name, { ...bucket, policy }));
  },
  'key-policy': ({ keys }, remedy) => {
    const key = keys.get(remedy.target);
    if (!key) return `there is no key ${remedy.target}`;
    return saved(remedy, key.policy, (policy) => keys.set(key.arn, { ...key, policy }));
  },
};

/** Managed policies have an ARN, may be attached to others too, and are not the place for one role's statement. */
function inlinePolicy({ policies }: Role): { readonly policy: Policy; readonly rest: readonly Policy[] } {
  const policy = policies.find(({ arn }) => arn === undefined);
  if (policy) return { policy, rest: policies.filter((other) => other !== policy) };
  return { policy: { name: 'remedy', document: empty }, rest: policies };
}

const empty: PolicyDocument = { Version: '2012-10-17', Statement: [] };

function saved(
  { document: kind, statement }: StatementRemedy,
  existing: PolicyDocument = empty,
  save: (document: PolicyDocument) => void,
): string | undefined {
  const document = { ...existing, Statement: [...statementsOf(existing), statement as PolicyStatement] };
  const [error] = policyErrors(kind, document);
  if (error) return `${whoSaves(kind)} would refuse the ${kind} with this statement: ${error}`;
  save(document);
  return undefined;
}
