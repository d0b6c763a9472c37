import { bucketArn, partitionIn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { type DeliveryResource, type PartRow, type PolicyPartName, partNames, partRow } from '../../core/parts.ts';
import { edgesFor, type PermissionEdge } from '../../core/permissions.ts';
import type { Note } from '../../core/report.ts';
import { type Layer, namesOf, type Step, steps } from '../../core/vocabulary.ts';
import { type Fault, faultsOf, isSameRefusal } from '../analysis/faults.ts';
import { documentIn, documentsOf } from '../remedies/documents.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import type { UnknownPart } from '../world/scenario.ts';
import type { Bucket, World } from '../world/world.ts';
import { documentAtFault } from './locate.ts';
import type { OpenQuestion } from './questions.ts';
import { placeOfPart } from './slots.ts';

/** The possible results of a report with unknown facts. */
export interface Knowledge {
  /** The unknown parts that matter to this delivery; empty if everything is known. */
  readonly questions: readonly OpenQuestion[];
  /** Faults that exist regardless of unknown parts. */
  readonly certain: readonly Fault[];
  readonly steps: ReadonlySet<Step>;
}

/** @param unknown parts that could not be read; the templates' parts replace them and prove nothing */
export function withoutUnknown(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  unknown: readonly UnknownPart[],
): Knowledge {
  const roles = rolesIn(world, event);
  const asked = unknown.flatMap(({ part }) => sayOf(part).flatMap(({ bucketKeyOf }) => bucketKeyOf ?? []));
  const { decisive, certain } = withAnyBucketKeys(world, event, faults, [...new Set(asked)]);
  const texts = documentsOf(world, event).map((document) => JSON.stringify(documentIn(world, document)));
  // A value that no policy tests decides nothing.
  const matters = (row: Say) =>
    stepsOf(row, roles).length > 0 &&
    (row.layers.length > 0 ||
      (row.bucketKeyOf !== undefined && decisive.has(row.bucketKeyOf)) ||
      row.keys?.some((key) => texts.some((text) => key.test(text))) === true);
  const relevant = unknown.filter(({ part }) => sayOf(part).some(matters));
  const rows = relevant.flatMap(({ part }) => sayOf(part)).filter(matters);
  return {
    questions: relevant.map(questionOf),
    certain: certain.filter((fault) => !rows.some((row) => castsDoubtOn(row, fault, { world, event, roles }))),
    steps: new Set(rows.flatMap((row) => stepsOf(row, roles))),
  };
}

function questionOf({ part, needs, why, origin }: UnknownPart): OpenQuestion {
  if (why === undefined) {
    const detail = `Cannot know what ${part} says, which could not be read: ${needs} would tell.`;
    return { note: { kind: 'unknown', detail }, about: detail, answers: [] };
  }
  const place = origin && { file: origin.source.file, line: origin.line, column: origin.column };
  const note: Note = { kind: 'unknown', detail: `${why} ${needs}`, ...place };
  // A document that can be given needs no option.
  const isGiven = placeOfPart(part) !== undefined;
  return isGiven
    ? { note, about: why, answers: [], part: part as PolicyPartName }
    : { note, about: note.detail, answers: [] };
}

type Say = Pick<PartRow, 'couldReplace' | 'keys' | 'bucketKeyOf'> &
  Required<Pick<PartRow, 'on' | 'layers'>> & {
    readonly part: string;
  };

const says: readonly Say[] = partNames.flatMap((part) => {
  const { on, kind, layers = kind === undefined ? [] : [kind as Layer], ...row } = partRow(part);
  return on ? [{ part, ...row, on, layers }] : [];
});

/** The rows that a part affects. The part may be larger or smaller than a row's part. */
function sayOf(part: string): readonly Say[] {
  return says.filter((row) => `${row.part}.`.startsWith(`${part}.`) || `${part}.`.startsWith(`${row.part}.`));
}

/** The resources' roles in this world. Staged reports may use either key. */
interface Roles {
  readonly of: (place: DeliveryResource) => string | undefined;
  readonly edges: readonly PermissionEdge[];
  readonly steps: readonly Step[];
}

function rolesIn(world: World, event: TestEvent): Roles {
  const { inbox: to, internal: from, deliveryRoleArn, steps, kind } = deliveryIn(world, event);
  const partition = partitionIn(to.kmsKeyArn);
  const arns: Readonly<Record<DeliveryResource, string | undefined>> = {
    'delivery-role': deliveryRoleArn,
    'internal-object': bucketArn(partition, from.bucket),
    'internal-key': from.kmsKeyArn,
    'service-key': from.kmsKeyArn === to.kmsKeyArn ? undefined : from.kmsKeyArn,
    'inbox-object': bucketArn(partition, to.bucket),
    'inbox-key': to.kmsKeyArn,
  };
  return { of: (place) => arns[place], steps, edges: edgesFor(kind, 'any') };
}

function stepsOf({ on }: Say, { of, steps, edges }: Roles): readonly Step[] {
  const resources = new Set(on.map(of));
  return edges
    .filter(({ on: role, step }) => of(role) !== undefined && resources.has(of(role)) && steps.includes(step))
    .map(({ step }) => step);
}

interface Context {
  readonly world: World;
  readonly event: TestEvent;
  readonly roles: Roles;
}

function castsDoubtOn(row: Say, fault: Fault, { world, event, roles }: Context): boolean {
  const isItsResource = row.on.some((role) => {
    const arn = roles.of(role);
    return arn !== undefined && (fault.resource === arn || fault.resource.startsWith(`${arn}/`));
  });
  if (!isItsResource) return false;
  if (row.layers.includes(fault.layer)) return true;
  const couldBeGranted = fault.effect === 'implicit' && row.couldReplace?.includes(fault.layer);
  if (couldBeGranted && isReplaceable(fault, row, world)) return true;
  const document = row.keys && documentAtFault(world, event, fault);
  const text = document && JSON.stringify(documentIn(world, document));
  return row.keys?.some((key) => text !== undefined && key.test(text)) ?? false;
}

/** Across accounts, both sides must allow; a grant on a key replaces only the key's policy. */
function isReplaceable({ layer, resource }: Fault, { part }: Say, world: World): boolean {
  if (layer === 'key-policy') return true;
  const owner =
    world.keys.get(resource)?.accountId ??
    (part.startsWith('customer.') ? world.customerAccountId : world.serviceAccountId);
  return owner === world.serviceAccountId;
}

type BucketOfDelivery = 'internal' | 'inbox';

interface WithAnyBucketKeys {
  readonly decisive: ReadonlySet<BucketOfDelivery>;
  /** Faults both with and without Bucket Keys. */
  readonly certain: readonly Fault[];
}

/**
 * With a Bucket Key, S3 sends the bucket's ARN to KMS as the encryption context, otherwise the object's. If it is
 * unknown which one applies, both are tried.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html#bucket-key-changes
 *
 * @param faults of the unchanged world
 * @param unknown buckets with unknown default encryption
 */
function withAnyBucketKeys(
  world: World,
  event: TestEvent,
  faults: readonly Fault[],
  unknown: readonly BucketOfDelivery[],
): WithAnyBucketKeys {
  if (unknown.length === 0) return { decisive: new Set(), certain: faults };
  const worlds = unknown.reduce<readonly World[]>((all, name) => all.flatMap((one) => both(one, event, name)), [world]);
  const versions = worlds.map((one) => ({ world: one, faults: faultsOf(one, event) }));
  const differAmong = (some: typeof versions) => differ(some.map((one) => one.faults));
  const isAsFoundBut = (changed: BucketOfDelivery) => (version: (typeof versions)[number]) =>
    unknown.every(
      (name) => name === changed || hasBucketKey(version.world, event, name) === hasBucketKey(world, event, name),
    );
  const alone = unknown.filter((name) => differAmong(versions.filter(isAsFoundBut(name))));
  return {
    decisive: new Set(alone.length === 0 && differAmong(versions) ? unknown : alone),
    certain: faults.flatMap((fault) => {
      const found = versions.map((version) => version.faults.find((other) => isSameRefusal(fault, other)));
      // A fault that always exists counts at the latest step where it may first appear.
      return found.every((one) => one !== undefined) ? [found.reduce(later)] : [];
    }),
  };
}

function bucketOf(world: World, event: TestEvent, name: BucketOfDelivery): Bucket | undefined {
  return world.buckets.get(deliveryIn(world, event)[name].bucket);
}

function hasBucketKey(world: World, event: TestEvent, name: BucketOfDelivery): boolean | undefined {
  return bucketOf(world, event, name)?.defaultEncryption.bucketKeyEnabled;
}

function both(world: World, event: TestEvent, name: BucketOfDelivery): readonly World[] {
  const bucket = bucketOf(world, event, name);
  if (!bucket) return [world];
  return [true, false].map((bucketKeyEnabled) => {
    const defaultEncryption = { ...bucket.defaultEncryption, bucketKeyEnabled };
    return { ...world, buckets: new Map(world.buckets).set(bucket.name, { ...bucket, defaultEncryption }) };
  });
}

function differ(versions: readonly (readonly Fault[])[]): boolean {
  const [first = [], ...others] = versions;
  return others.some(
    (other) =>
      other.length !== first.length ||
      first.some((fault) => !other.some((one) => isSameRefusal(fault, one) && fault.step === one.step)),
  );
}

function later(a: Fault, b: Fault): Fault {
  const order = namesOf(steps);
  return order.indexOf(b.step) > order.indexOf(a.step) ? b : a;
}
