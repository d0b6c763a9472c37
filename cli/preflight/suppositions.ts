import type { TestEvent } from '../../core/event.ts';
import type { Note } from '../../core/report.ts';
import { type Fault, faultsOf } from '../../model/analysis/faults.ts';
import { statementsOf } from '../../model/world/policy-parts.ts';
import type { Account, World } from '../../model/world/world.ts';
import type { DocumentPath } from '../documents/policy-file.ts';
import { noteAt } from './contradictions.ts';
import type { LocatedPolicy } from './locate.ts';

/** What a user said about the two accounts that no document and no test event says. */
export interface Told {
  readonly sourceIp?: string;
  readonly serviceOrganization?: string;
  readonly customerOrganization?: string;
}

/** What depends on something that nobody said. */
export interface Doubt {
  readonly notes: readonly Note[];
  /** Faults whatever it is. */
  readonly certain: readonly Fault[];
  /** Faults that depend on it: there are some with one value and not with another. */
  readonly doubtful: readonly Fault[];
  /** The same world, where all of it is as the documents ask for: no other fault stands before a certain one there. */
  readonly supposed: World;
}

/**
 * Given documents ask for things that neither they nor a test event tell: the address of the service, its organization,
 * the unique id of its role. Whether that matters is tried: with the values that the documents ask for, and without.
 *
 * @param faults of the world as it stands, with values that are made up
 */
export async function doubtIn(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  given: readonly LocatedPolicy[],
  told: Told,
): Promise<Doubt> {
  const asked = given.flatMap((located) => askedFor(located, told));
  const others: { readonly note: Note; readonly faults: readonly Fault[] }[] = [];
  for (const { note, suppose } of asked) others.push({ note, faults: await faultsOf(suppose(world), event) });
  const all = asked.reduce((supposed, { suppose }) => suppose(supposed), world);
  const withAll = asked.length > 0 ? await faultsOf(all, event) : faults;

  const versions = [faults, withAll, ...others.map((one) => one.faults)];
  const everything = versions.flat().filter((fault, at, list) => list.findIndex((one) => isSame(one, fault)) === at);
  // Of one that is there in any case, but for another reason, the reason that stays where all doubts are favourable.
  const certain = withAll.filter((fault) => versions.every((version) => version.some((one) => isSame(one, fault))));
  const doubtful = everything.filter(
    (fault) => !certain.some((one) => isSame(one, fault) && one.effect === fault.effect),
  );
  const decisive = others.filter((one) => isDifferent(one.faults, faults));
  const notes = doubtful.length === 0 ? [] : (decisive.length > 0 ? decisive : others).map(({ note }) => note);
  return { notes, certain, doubtful, supposed: all };
}

function isSame(a: Fault, b: Fault): boolean {
  return a.layer === b.layer && a.action === b.action && a.resource === b.resource;
}

function isDifferent(a: readonly Fault[], b: readonly Fault[]): boolean {
  const isIn = (fault: Fault, list: readonly Fault[]) =>
    list.some((other) => isSame(fault, other) && fault.effect === other.effect);
  return a.length !== b.length || a.some((fault) => !isIn(fault, b));
}

interface Asked {
  readonly note: Note;
  /** The same world with what the document asks for. */
  readonly suppose: (world: World) => World;
}

interface Kind {
  readonly key: RegExp;
  readonly isOrganization?: true;
  readonly isTold: (told: Told) => boolean;
  readonly question: (value: string) => string;
  readonly suppose: (world: World, value: string) => World;
}

const never = () => false;

/** Condition keys whose values only the service knows. */
const kinds: readonly Kind[] = [
  {
    key: /^aws:SourceIp$/i,
    isTold: ({ sourceIp }) => sourceIp !== undefined,
    question: (value) => `requests of the service come from ${value}: --source-ip ADDRESS says where they come from.`,
    suppose: (world, value) => ({
      ...world,
      network: { secureTransport: world.network.secureTransport, sourceIp: value.split('/')[0] ?? value },
    }),
  },
  {
    key: /^aws:SourceVpce$/i,
    isTold: never,
    question: (value) => `requests of the service come through the VPC endpoint ${value}: the service can tell.`,
    suppose: (world, id) => throughEndpoint(world, { id }),
  },
  {
    key: /^aws:SourceVpc$/i,
    isTold: never,
    question: (value) => `requests of the service come from the VPC ${value}: the service can tell.`,
    suppose: (world, vpcId) => throughEndpoint(world, { vpcId }),
  },
  {
    key: /^aws:PrincipalOrgID$/i,
    isOrganization: true,
    isTold: ({ serviceOrganization }) => serviceOrganization !== undefined,
    question: (value) => `the service is in the organization ${value}: --service-organization ID says in which it is.`,
    suppose: (world, organizationId) => withOrganization(world, organizationId),
  },
  {
    key: /^aws:userid$/i,
    isTold: never,
    question: (value) =>
      `${value} is the delivery role: its unique id is what aws iam get-role --query Role.RoleId says.`,
    suppose: withRoleId,
  },
];

function throughEndpoint(world: World, { id, vpcId }: { readonly id?: string; readonly vpcId?: string }): World {
  const { vpcEndpoint, secureTransport } = world.network;
  const policy = vpcEndpoint?.policy ?? {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  };
  const chosen = { id: id ?? vpcEndpoint?.id ?? 'vpce-0', vpcId: vpcId ?? vpcEndpoint?.vpcId ?? 'vpc-0', policy };
  return { ...world, network: { secureTransport, vpcEndpoint: chosen } };
}

function withOrganization(world: World, organizationId: string): World {
  const { serviceAccountId, accounts } = world;
  const changed = ([id, account]: readonly [string, Account]) =>
    [id, id === serviceAccountId ? { ...account, organizationId } : account] as const;
  return { ...world, accounts: new Map([...accounts].map(changed)) };
}

function withRoleId(world: World, text: string): World {
  const roleId = /^A[A-Z]{3}[A-Z0-9]+/.exec(text)?.[0];
  const role = world.roles.get(world.deliveryRoleArn);
  return role && roleId ? { ...world, roles: new Map(world.roles).set(role.arn, { ...role, roleId }) } : world;
}

/** These name the organization that they are of. */
const kindsOfOrganizations = new Set([
  'service-control-policy',
  'resource-control-policy',
  'permissions-boundary',
  'vpc-endpoint-policy',
]);

function askedFor(located: LocatedPolicy, told: Told): readonly Asked[] {
  const { policy, of } = located;
  const speaksOfItsOwn = kindsOfOrganizations.has(of.kind);
  return statementsOf(policy.document).flatMap((statement, index): Asked[] => {
    const path: DocumentPath = ['Statement', index];
    const conditions = conditionsOf(statement['Condition'], [...path, 'Condition']).flatMap(({ key, values, at }) =>
      kinds
        .filter((kind) => kind.key.test(key) && !kind.isTold(told) && !(speaksOfItsOwn && kind.isOrganization))
        .flatMap(({ question, suppose }) => values.map((value) => asked(located, at, value, question, suppose))),
    );
    const leftovers = JSON.stringify(statement['Principal'] ?? '').match(/AROA[A-Z0-9]{12,}/g) ?? [];
    const whose = (value: string) => `${value} is the delivery role: AWS shows the id of a role there that is gone.`;
    return [
      ...conditions,
      ...leftovers.map((value) => asked(located, [...path, 'Principal'], value, whose, withRoleId)),
    ];
  });
}

function asked(
  { policy }: LocatedPolicy,
  at: DocumentPath,
  value: string,
  question: (value: string) => string,
  suppose: (world: World, value: string) => World,
): Asked {
  return {
    note: noteAt(policy, at, `Cannot know whether ${question(value)}`, 'unknown'),
    // A pattern is met by what it is without its wildcards.
    suppose: (world) => suppose(world, value.replace(/[*?]/g, '0')),
  };
}

interface ConditionAsked {
  readonly key: string;
  readonly values: readonly string[];
  readonly at: DocumentPath;
}

function conditionsOf(condition: unknown, path: DocumentPath): readonly ConditionAsked[] {
  const operators = Object.entries((condition ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  return operators.flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => ({
      key,
      values: /^null$/i.test(operator) ? [] : [value].flat().map(String),
      at: [...path, operator, key],
    })),
  );
}

/** The organization that policies of an account's own organization speak of is that organization. */
export function organizationNamedIn(policies: readonly LocatedPolicy['policy'][]): string | undefined {
  const named = policies.flatMap(({ document }) =>
    statementsOf(document).flatMap(({ Condition }) =>
      conditionsOf(Condition, []).flatMap(({ key, values }) =>
        /^aws:(?:Principal|Resource)OrgID$/i.test(key) ? values.filter((value) => /^o-[a-z0-9]+$/.test(value)) : [],
      ),
    ),
  );
  return named[0];
}
