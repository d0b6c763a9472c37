import { partNames, partRow } from '../../core/parts.ts';
import type { UnknownPart } from '../../model/world/scenario.ts';

/** Every part that collect asks for, by its name in a scenario; the service's first. */
const collectedParts = partNames
  .filter((part) => partRow(part).collected)
  .toSorted()
  .toReversed();

/** Those that were read: neither they nor what they are a part of is unknown. */
export function partsRead(unknown: readonly UnknownPart[]): readonly string[] {
  return collectedParts.filter((part) => !unknown.some((one) => `${part}.`.startsWith(`${one.part}.`)));
}
