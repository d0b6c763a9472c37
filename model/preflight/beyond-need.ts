import { keyIdIn, parseArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { edgesFor, type ResourceRole } from '../../core/permissions.ts';
import type { Note } from '../../core/report.ts';
import { comparisonsOf, isUniqueId, principalsOf, titleOf, valuesIn } from '../remedies/statement-parts.ts';
import type { DocumentPath, PolicyFile } from '../text/policy-file.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyStatement, World } from '../world/world.ts';
import { noteAt } from './contradictions.ts';
import type { LocatedPolicy } from './locate.ts';

/** Permissions in the bucket's and key's policies that other accounts have beyond what a delivery needs. */
export function beyondNeed(world: World, event: TestEvent, given: readonly LocatedPolicy[]): readonly Note[] {
  return given.flatMap(({ policy, of }) => {
    const resource = subjectOf(world, event, of.owner);
    return resource ? [...ofStatements(policy, resource), ...ofEncryption(policy, resource)] : [];
  });
}

interface Subject {
  readonly noun: 'bucket' | 'key';
  readonly ownerId: string;
  readonly serviceId: string;
  readonly deliveryRoleArn: string;
  readonly needed: readonly string[];
}

function subjectOf(world: World, event: TestEvent, owner: string): Subject | undefined {
  const { inbox, internal, deliveryRoleArn = world.checkRoleArn } = deliveryIn(world, event);
  const service = { serviceId: world.serviceAccountId, deliveryRoleArn };
  if (owner === inbox.bucket) {
    return { ...service, noun: 'bucket', ownerId: inbox.accountId, needed: actionsOn(['inbox-object'], event) };
  }
  if (owner !== inbox.kmsKeyArn) return undefined;
  // Related keys may share a policy, because they share their ID.
  const roles: readonly ResourceRole[] =
    keyIdIn(internal.kmsKeyArn) === keyIdIn(owner) ? ['inbox-key', 'internal-key'] : ['inbox-key'];
  return { ...service, noun: 'key', ownerId: parseArn(owner)?.accountId ?? '', needed: actionsOn(roles, event) };
}

function actionsOn(roles: readonly ResourceRole[], { inbox, delivery = 'copy' }: TestEvent): readonly string[] {
  const edges = edgesFor(delivery, inbox.acl).filter(({ on }) => roles.includes(on));
  return [...new Set(edges.map(({ action }) => action))];
}

function ofStatements(policy: PolicyFile, subject: Subject): readonly Note[] {
  return statementsOf(policy.document).flatMap((statement, index) => {
    if (statement.Effect !== 'Allow') return [];
    const path: DocumentPath = ['Statement', index];
    const others = namedIn(statement).flatMap((principal) => otherPrincipal(principal, statement, subject));
    const isForService = namedIn(statement).some((principal) => reachesService(principal, subject));
    const actions = isForService ? unneededActions(statement, subject) : [];
    const name = titleOf(statement, index);
    return [
      ...others.map((detail) => noteAt(policy, [...path, 'Principal'], `${name} ${detail}`, 'beyond-need')),
      ...actions.map((detail) => noteAt(policy, [...path, 'Action'], `${name} ${detail}`, 'beyond-need')),
    ];
  });
}

/** Leaves out AWS services and web identities, which only concern the owner. */
function namedIn(statement: PolicyStatement): readonly string[] {
  const isForEverybody = statement['NotPrincipal'] !== undefined || statement['Principal'] === '*';
  return isForEverybody ? ['*'] : principalsOf(statement);
}

function otherPrincipal(
  principal: string,
  { Condition }: PolicyStatement,
  { noun, ...subject }: Subject,
): readonly string[] {
  const { deliveryRoleArn, serviceId, ownerId } = subject;
  const accountId = accountIn(principal);
  if (principal === deliveryRoleArn || accountId === ownerId) return [];
  if (principal === '*') {
    return Condition === undefined
      ? [`lets anyone use the ${noun}: name ${deliveryRoleArn} instead of "*".`]
      : [`lets anyone who meets its conditions use the ${noun}: name ${deliveryRoleArn} instead of "*".`];
  }
  if (isUniqueId(principal)) {
    return [
      `names ${principal}: a policy shows a role or user that is gone by such an id, and is not saved with it again. If the delivery role was meant, write its ARN there: ${deliveryRoleArn}.`,
    ];
  }
  if (accountId !== serviceId) return [`also lets ${principal} use the ${noun}, which no delivery needs.`];
  return isWholeAccount(principal)
    ? [`trusts the whole account ${serviceId}, so any role that the account chooses: name ${deliveryRoleArn} instead.`]
    : [`also lets ${principal} of the service's account use the ${noun}; reports are delivered by ${deliveryRoleArn}.`];
}

function reachesService(principal: string, { serviceId }: Subject): boolean {
  return principal === '*' || accountIn(principal) === serviceId;
}

function accountIn(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
}

function isWholeAccount(principal: string): boolean {
  return /^\d{12}$/.test(principal) || principal.endsWith(':root');
}

function unneededActions({ Action, NotAction }: PolicyStatement, { needed }: Subject): readonly string[] {
  const enough = needed.join(' and ');
  if (NotAction !== undefined) return [`allows all but a few actions; a delivery needs ${enough}.`];
  const unneeded = valuesIn(Action).filter((action) => !isNeeded(action, needed));
  return unneeded.length > 0 ? [`allows ${unneeded.join(', ')}; a delivery needs ${enough}.`] : [];
}

/** Ignores the case of actions. An action with a wildcard allows more than is needed. */
function isNeeded(action: string, needed: readonly string[]): boolean {
  return needed.some((one) => one.toLowerCase() === action.toLowerCase());
}

interface Demand {
  readonly key: RegExp;
  readonly detail: string;
}

/** The conditions in the shipped template, and their purpose. */
const demands: Readonly<Record<Subject['noun'], readonly Demand[]>> = {
  bucket: [
    {
      key: /^s3:x-amz-server-side-encryption/i,
      detail:
        'nothing in this policy demands how an object is encrypted (s3:x-amz-server-side-encryption and s3:x-amz-server-side-encryption-aws-kms-key-id): a writer could choose another key, or none.',
    },
    {
      key: /^aws:SecureTransport$/i,
      detail: 'nothing in this policy demands TLS (aws:SecureTransport).',
    },
  ],
  key: [
    {
      key: /^kms:ViaService$/i,
      detail: 'the key may be used without S3 in between: a condition on kms:ViaService is missing.',
    },
    {
      key: /^kms:EncryptionContext(?::aws:s3:arn|Keys)?$/i,
      detail: 'the key may be used for any bucket: a condition on kms:EncryptionContext:aws:s3:arn is missing.',
    },
  ],
};

/** A bucket policy may require it in a separate Deny; a key policy needs it in each statement for the service. */
function ofEncryption(policy: PolicyFile, subject: Subject): readonly Note[] {
  const statements = statementsOf(policy.document);
  const grants = [...statements.entries()].filter(
    ([, statement]) =>
      statement.Effect === 'Allow' && namedIn(statement).some((principal) => reachesService(principal, subject)),
  );
  return demands[subject.noun].flatMap(({ key, detail }) => {
    const isMet = (some: readonly PolicyStatement[]) =>
      some.some((one) => comparisonsOf(one).some((comparison) => key.test(comparison.key)));
    const denies = statements.filter(({ Effect }) => Effect === 'Deny');
    const [unmet] = grants.filter(([, statement]) => !isMet([statement, ...denies]));
    if (!unmet) return [];
    const [index, statement] = unmet;
    return [noteAt(policy, ['Statement', index, 'Effect'], `${titleOf(statement, index)}: ${detail}`, 'beyond-need')];
  });
}
