import { layers } from '../../core/layers.ts';
import { type PolicyPartName, parts, policyPartNames } from '../../core/parts.ts';
import { type PolicyKind, policyKinds } from '../../policy/policy-kinds.ts';

type Rows = { readonly [P in PolicyPartName]: (typeof parts)[P] };
type NameIn<Row> = Row extends { readonly place: infer Name extends string } ? Name : never;

/** A place in the two accounts for a given policy. */
export type PlaceName = NameIn<Rows[PolicyPartName]>;
/** Documents that customers provide, keyed by their command-line option. */
export type SlotName = NameIn<Extract<Rows[PolicyPartName], { readonly option: string }>>;

interface PolicyPlace {
  readonly kind: PolicyKind;
  readonly part: PolicyPartName;
  /** True if several given policies are all attached. */
  readonly several: boolean;
  readonly title: string;
}

interface Slot extends PolicyPlace {
  readonly option: string;
  /** The usual names of such files. */
  readonly fileName: RegExp;
}

const rows = policyPartNames.flatMap((part) => {
  const row = parts[part];
  return 'place' in row ? [{ part, several: false, ...row }] : [];
});

/** Every place for a policy, including those of the service. */
export const places = Object.fromEntries(rows.map((row) => [row.place, row])) as unknown as Readonly<
  Record<PlaceName, PolicyPlace>
>;

export const slots = Object.fromEntries(
  rows.filter((row) => 'option' in row).map((row) => [row.place, row]),
) as unknown as Readonly<Record<SlotName, Slot>>;

export const slotNames = Object.keys(slots) as readonly SlotName[];

/** Places whose policies treat principals in this way. */
export function slotsWith(principal: 'forbidden' | 'everyone'): readonly SlotName[] {
  return slotNames.filter((slot) => policyKinds[slots[slot].kind].principal === principal);
}

/** Places of policies on a bucket other than its own policy. */
export const slotsOfBuckets = slotNames.filter((slot) => slot !== 'bucketPolicy' && keptOf(slot) === 'buckets');

function keptOf(slot: SlotName): string {
  return layers[slots[slot].kind].document[2];
}

export function placeOfPart(part: string): PlaceName | undefined {
  return rows.find((row) => row.part === part)?.place;
}

/** Places whose policy an answer says doesn't exist. */
export function slotsAnswered(settings: readonly { readonly part: string }[]): readonly PlaceName[] {
  return settings.flatMap(({ part }) => placeOfPart(part) ?? []);
}
