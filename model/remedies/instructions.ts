import { bucketIn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { layerRow } from '../../core/layers.ts';
import type { Denial } from '../../core/report.ts';
import { type Layer, remedyDocuments } from '../../core/vocabulary.ts';
import { type Fault, faultsOf } from '../analysis/faults.ts';
import { bucketAsCreated } from '../world/default-names.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import type { Bucket, World } from '../world/world.ts';
import { documentsOf } from './documents.ts';
import type { Broken } from './fault-context.ts';
import { fixForFault } from './fix-for-fault.ts';

/**
 * The world after someone follows a remedy without a statement: the narrowest change that removes the denial of a
 * delivery and grants nothing else. Undefined if unknown, because no simulation knows who owns the bucket, or which key
 * or Region was meant.
 */
type CarryOut = (broken: Broken, fault: Fault) => World | undefined;

const changeDocument: CarryOut = (broken, fault) => {
  const { world, event } = broken;
  return fixForFault(broken, fault, documentsOf(world, event))?.world;
};

/** If nothing allows the request there, the remedy has a statement. */
const changeDeny: CarryOut = (broken, fault) =>
  fault.effect === 'explicit' ? changeDocument(broken, fault) : undefined;

const settings: Partial<Record<Layer, CarryOut>> = {
  'key-state': ({ world }, { resource }) => {
    const key = world.keys.get(resource);
    // A key that replaces an asymmetric one has another ARN.
    if (key?.spec !== 'SYMMETRIC_DEFAULT') return undefined;
    return { ...world, keys: new Map([...world.keys, [resource, { ...key, state: 'Enabled' }]]) };
  },
  'bucket-missing': ({ world, event }, { resource, accountId }) => {
    const name = bucketIn(resource);
    const { inbox, internal } = deliveryIn(world, event);
    const side = [inbox, internal].find(({ bucket }) => bucket === name);
    if (name === undefined || !side) return undefined;
    const bucket: Bucket = { ...bucketAsCreated, name, accountId, region: side.region, objects: new Map() };
    return { ...world, buckets: new Map([...world.buckets, [name, bucket]]) };
  },
  'requester-pays': ({ world }, { resource }) => {
    const bucket = world.buckets.get(bucketIn(resource) ?? '');
    if (!bucket) return undefined;
    return { ...world, buckets: new Map([...world.buckets, [bucket.name, { ...bucket, requesterPays: false }]]) };
  },
  'plain-http': ({ world }) => ({ ...world, network: { ...world.network, secureTransport: true } }),
};

function carryOutOf(layer: Layer): CarryOut | undefined {
  if (layerRow(layer).document === undefined) return settings[layer];
  return layer in remedyDocuments ? changeDeny : changeDocument;
}

interface CarriedOut {
  readonly world: World;
  readonly fixed: readonly Fault[];
  readonly left: readonly Fault[];
}

/** A fixed fault may reveal another, but no world has this many faults. */
const mostFaults = 64;

/**
 * Carries out every instruction that can be simulated, until no wanted fault is left.
 *
 * @param wanted tells if someone was asked to fix a fault
 */
export function carriedOut(world: World, event: TestEvent, wanted: (fault: Fault) => boolean = () => true): CarriedOut {
  let current = world;
  const fixed: Fault[] = [];
  for (;;) {
    const faults = faultsOf(current, event);
    const next = fixed.length < mostFaults ? firstLifted({ world: current, event, faults }, wanted) : undefined;
    if (!next) return { world: current, fixed, left: faults };
    fixed.push(next.fault);
    current = next.world;
  }
}

function firstLifted(broken: Broken, wanted: (fault: Fault) => boolean) {
  for (const fault of broken.faults.filter(wanted)) {
    const world = carryOutOf(fault.layer)?.(broken, fault);
    if (world) return { fault, world };
  }
  return undefined;
}

/** True if the report's denial is this fault. Reports contain no names of runs, and not always the action. */
export function isAbout({ layer, action, resource }: Denial, fault: Fault): boolean {
  const place = (arn: string) => bucketIn(arn) ?? arn;
  return (
    layer === fault.layer &&
    (action === undefined || action === fault.action || fault.effect === undefined) &&
    (resource === undefined || place(resource) === place(fault.resource))
  );
}
