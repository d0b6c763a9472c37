import type { TestEvent } from '../../core/event.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import type { Fault } from '../analysis/faults.ts';
import type { DocumentOfWorld } from '../remedies/document-edit.ts';
import { documentsOf, policyIn } from '../remedies/documents.ts';
import type { MapNode, TemplateNode } from '../template/node.ts';
import { InputError } from '../text/input-error.ts';
import type { DocumentPath, PolicyFile } from '../text/policy-file.ts';
import { nodeAt, treeOf } from '../text/positions.ts';
import { embeddedPolicy } from '../text/read-policy-file.ts';
import { placeholdersOf } from '../world/build-world.ts';
import { fillPlaceholders } from '../world/placeholders.ts';
import type { PolicyDocument, World } from '../world/world.ts';
import type { GivenPolicy } from './document-set.ts';
import { places } from './slots.ts';

/** A policy of the two accounts that stands in a file. */
export interface LocatedPolicy {
  readonly policy: PolicyFile;
  readonly of: DocumentOfWorld;
}

/** The document whose statements refuse, or don't allow; undefined where no document is at fault. */
export function documentAtFault(world: World, event: TestEvent, fault: Fault): DocumentOfWorld | undefined {
  const { layer, statement, resource } = fault;
  const owners: ReadonlySet<string> = new Set([resource, bucketNameIn(resource), fault.accountId]);
  const ofLayer = documentsOf(world, event).filter(({ kind }) => kind === layer);
  const isAssumed = fault.step === 'assume-delivery-role';
  const candidates = ofLayer.filter(({ kind, owner }) => {
    if (!ofPrincipals.has(kind)) return kind === 'vpc-endpoint-policy' || owners.has(owner);
    return (owner === world.checkRoleArn) === isAssumed;
  });
  const named = candidates.filter((one) => statement && policyIn(world, one)?.name === statement.policy);
  const [only, ...others] = named.length > 0 ? named : candidates;
  return others.length === 0 ? only : undefined;
}

const ofPrincipals: ReadonlySet<PolicyKind> = new Set(['identity-policy', 'permissions-boundary', 'session-policy']);

function bucketNameIn(resource: string): string {
  return /^arn:[^:]*:s3:::([^/]+)/.exec(resource)?.[1] ?? '';
}

/** Which documents of a world the given files are. */
export function locatedIn(world: World, given: readonly GivenPolicy[]): readonly LocatedPolicy[] {
  return given.map(({ slot, policy }) => {
    const { part } = places[slot];
    const index = given.filter((other) => other.slot === slot).findIndex((other) => other.policy === policy);
    return { policy, of: documentOfPart(world, part, index) };
  });
}

function documentOfPart(world: World, part: string, index: number): DocumentOfWorld {
  const { kind, owner } = partsOfScenario[part] ?? unknownPart(part);
  return { kind, owner: owner(world), index };
}

function unknownPart(part: string): never {
  throw new Error(`No document of a world is ${part}`);
}

interface PartOfScenario {
  readonly kind: PolicyKind;
  readonly owner: (world: World) => string;
}

const ofDeliveryRole = ({ deliveryRoleArn }: World) => deliveryRoleArn;

/** Where a scenario has policies, and whose they are. */
const partsOfScenario: Readonly<Record<string, PartOfScenario>> = {
  'customer.inbox.bucketPolicy': { kind: 'bucket-policy', owner: ({ inboxBucket }) => inboxBucket },
  'customer.key.keyPolicy': { kind: 'key-policy', owner: ({ inboxKeyArn }) => inboxKeyArn },
  'customer.serviceControlPolicies': { kind: 'service-control-policy', owner: (world) => world.customerAccountId },
  'customer.resourceControlPolicies': { kind: 'resource-control-policy', owner: (world) => world.customerAccountId },
  'service.serviceControlPolicies': { kind: 'service-control-policy', owner: (world) => world.serviceAccountId },
  'service.resourceControlPolicies': { kind: 'resource-control-policy', owner: (world) => world.serviceAccountId },
  'service.deliveryRole.permissionsBoundary': { kind: 'permissions-boundary', owner: ofDeliveryRole },
  'service.deliveryRole.policies': { kind: 'identity-policy', owner: ofDeliveryRole },
  'service.deliveryRole.sessionPolicy': { kind: 'session-policy', owner: ofDeliveryRole },
  'service.deliveryRole.trustPolicy': { kind: 'role-trust-policy', owner: ofDeliveryRole },
  'service.checkRole.permissionsBoundary': { kind: 'permissions-boundary', owner: ({ checkRoleArn }) => checkRoleArn },
  'service.checkRole.policies': { kind: 'identity-policy', owner: ({ checkRoleArn }) => checkRoleArn },
  'service.vpcEndpointPolicy': {
    kind: 'vpc-endpoint-policy',
    owner: ({ network }) => network.vpcEndpoint?.id ?? '',
  },
  'service.internal.bucketPolicy': { kind: 'bucket-policy', owner: ({ internalBucket }) => internalBucket },
  'service.internal.kmsKeyPolicy': { kind: 'key-policy', owner: ({ serviceKeyArn }) => serviceKeyArn },
};

/**
 * The policies that a scenario's file writes out as a whole. One that edits the templates' has its statements in two
 * files, and is not among them.
 */
export function locatedInScenario(world: World, file: string, text: string): readonly LocatedPolicy[] {
  const root = treeUnlessUnreadable(text, file);
  if (!root) return [];
  const placeholders = placeholdersOf(world);
  const meant = (written: unknown) => fillPlaceholders(written, placeholders);
  return Object.keys(partsOfScenario).flatMap((part) => {
    const at = part.split('.');
    const node = nodeAt(root, at);
    const documents: readonly (readonly [TemplateNode, DocumentPath])[] =
      node?.kind === 'list' ? node.items.map((item, index) => [item, [...at, index]]) : node ? [[node, at]] : [];
    return documents.flatMap(([document, path], index) => {
      if (document.kind !== 'map' || !document.entries.has('Statement')) return [];
      const of = documentOfPart(world, part, index);
      const policy = embeddedPolicy({ file, text }, of.kind, path, document);
      return [{ of, policy: { ...policy, document: meant(policy.document) as PolicyDocument, meant } }];
    });
  });
}

/** Scenarios may use more of YAML than templates, whose reader keeps the places of values. */
function treeUnlessUnreadable(text: string, file: string): MapNode | undefined {
  try {
    return treeOf(text, file);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
