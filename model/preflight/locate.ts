import { bucketIn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { layerRow } from '../../core/layers.ts';
import { policyPartNames } from '../../core/parts.ts';
import type { Fault } from '../analysis/faults.ts';
import { type DocumentOfWorld, documentOfPart, documentsOf, policyIn } from '../remedies/documents.ts';
import type { MapNode, TemplateNode } from '../template/node.ts';
import { parseTemplate } from '../template/read-template.ts';
import { InputError } from '../text/input-error.ts';
import { type DocumentPath, nodeAt, type PolicyFile } from '../text/policy-file.ts';
import { embeddedPolicy } from '../text/read-policy-file.ts';
import { placeholdersOf } from '../world/build-world.ts';
import { fillPlaceholders } from '../world/policy-parts.ts';
import type { PolicyDocument, World } from '../world/world.ts';
import type { GivenPolicy } from './document-set.ts';
import { places } from './slots.ts';

export interface LocatedPolicy {
  readonly policy: PolicyFile;
  readonly of: DocumentOfWorld;
}

/** The document whose statements deny or don't allow; undefined if no document is at fault. */
export function documentAtFault(world: World, event: TestEvent, fault: Fault): DocumentOfWorld | undefined {
  const { layer, statement, resource } = fault;
  const owners: ReadonlySet<string> = new Set([resource, bucketIn(resource) ?? '', fault.accountId]);
  const ofLayer = documentsOf(world, event).filter(({ kind }) => kind === layer);
  const isAssumed = fault.step === 'assume-delivery-role';
  const candidates = ofLayer.filter(({ kind, owner }) => {
    if (layerRow(kind).document?.[1] !== 'caller') return kind === 'vpc-endpoint-policy' || owners.has(owner);
    return (owner === world.checkRoleArn) === isAssumed;
  });
  const named = candidates.filter((one) => statement && policyIn(world, one)?.name === statement.policy);
  const [only, ...others] = named.length > 0 ? named : candidates;
  return others.length === 0 ? only : undefined;
}

/** Matches the given files to documents of a world. */
export function locatedIn(world: World, given: readonly GivenPolicy[]): readonly LocatedPolicy[] {
  return given.map(({ slot, policy }) => {
    const { part } = places[slot];
    const index = given.filter((other) => other.slot === slot).findIndex((other) => other.policy === policy);
    return { policy, of: documentOfPart(world, part, index) };
  });
}

/**
 * The policies that a scenario's file contains completely. A policy that edits the templates' has its statements in two
 * files and is left out.
 */
export function locatedInScenario(world: World, file: string, text: string): readonly LocatedPolicy[] {
  const root = treeUnlessUnreadable(text, file);
  if (!root) return [];
  const placeholders = placeholdersOf(world);
  const meant = (written: unknown) => fillPlaceholders(written, placeholders);
  return policyPartNames.flatMap((part) => {
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

/** Scenarios may use YAML features that the template reader, which keeps positions, rejects. */
function treeUnlessUnreadable(text: string, file: string): MapNode | undefined {
  try {
    return parseTemplate({ file, text });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
