import { layers } from '../../core/layers.ts';
import { type PolicyPartName, parts, policyPartNames } from '../../core/parts.ts';
import { type PolicyKind, policyKinds } from '../../policy/policy-kinds.ts';

type Rows = { readonly [P in PolicyPartName]: (typeof parts)[P] };
type NameIn<Row> = Row extends { readonly place: infer Name extends string } ? Name : never;

/** A place in the two accounts that a given policy can take. */
export type PlaceName = NameIn<Rows[PolicyPartName]>;
/** Documents that customers give, by an option of the command line. */
export type SlotName = NameIn<Extract<Rows[PolicyPartName], { readonly option: string }>>;

interface PolicyPlace {
  readonly kind: PolicyKind;
  readonly part: PolicyPartName;
  /** True if several given ones are all attached. */
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

/** Every place that a policy can be given for, those of the service included. */
export const places = Object.fromEntries(rows.map((row) => [row.place, row])) as unknown as Readonly<
  Record<PlaceName, PolicyPlace>
>;

export const slots = Object.fromEntries(
  rows.filter((row) => 'option' in row).map((row) => [row.place, row]),
) as unknown as Readonly<Record<SlotName, Slot>>;

export const slotNames = Object.keys(slots) as readonly SlotName[];

/** Those of policies that say this about principals. */
export function slotsWith(principal: 'forbidden' | 'everyone'): readonly SlotName[] {
  return slotNames.filter((slot) => policyKinds[slots[slot].kind].principal === principal);
}

/** Those of policies that buckets have beside their own. */
export const slotsOfBuckets = slotNames.filter((slot) => slot !== 'bucketPolicy' && keptOf(slot) === 'buckets');

function keptOf(slot: SlotName): string {
  return layers[slots[slot].kind].document[2];
}

export function placeOfPart(part: string): PlaceName | undefined {
  return rows.find((row) => row.part === part)?.place;
}

/** Places whose policy an answer speaks for that has none. */
export function slotsAnswered(settings: readonly { readonly part: string }[]): readonly PlaceName[] {
  return settings.flatMap(({ part }) => placeOfPart(part) ?? []);
}
