import { type PolicyPartName, parts, policyPartNames } from '../../core/parts.ts';
import type { PolicyKind } from '../../policy/grammar.ts';

type Rows = { readonly [P in PolicyPartName]: (typeof parts)[P] };
type NameIn<Row> = Row extends { readonly place: infer Name extends string } ? Name : never;

/** A place in the two accounts that a given policy can take. */
export type PlaceName = NameIn<Rows[PolicyPartName]>;
/** Those that customers give, by an option of the command line. */
export type SlotName = NameIn<Extract<Rows[PolicyPartName], { readonly option: string }>>;

interface PolicyPlace {
  readonly kind: PolicyKind;
  readonly part: PolicyPartName;
  /** Of several, all are attached. */
  readonly several: boolean;
  readonly title: string;
}

interface Slot extends PolicyPlace {
  readonly option: string;
  /** How people call such files. */
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

export function placeOfPart(part: string): PlaceName | undefined {
  return rows.find((row) => row.part === part)?.place;
}
