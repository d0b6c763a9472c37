import type { Diagnosis } from '../../core/report.ts';
import { explain } from '../../lambda/customer_configuration_check/diagnosis/explain.ts';
import { passagesIn } from '../input/passages.ts';

export interface Explained {
  readonly diagnosis: Diagnosis;
  /** Whose report it is from. */
  readonly customer?: string;
}

export type Explanations =
  | { readonly kind: 'denials'; readonly denials: readonly [Explained, ...Explained[]] }
  /** Nothing is refused in it, or by something else than a permission; the summary says why. */
  | { readonly kind: 'no-denial'; readonly diagnosis: Diagnosis }
  /** Whether anything is refused in it is not known. */
  | { readonly kind: 'not-understood'; readonly diagnosis: Diagnosis };

/** Everything that a text tells of denials, in its order and each once, however often a log repeats it. */
export function explanationsOf(text: string): Explanations {
  const explained = passagesIn(text).map(
    ({ text: passage, customer }): Explained => ({
      diagnosis: explain(passage),
      ...(customer !== undefined && { customer }),
    }),
  );
  const found = new Map<string, Explained>();
  for (const one of explained.filter(({ diagnosis }) => tellsOfDenial(diagnosis))) {
    const sameness = samenessOf(one);
    if (!found.has(sameness)) found.set(sameness, one);
  }
  const [first, ...rest] = found.values();
  if (first) return { kind: 'denials', denials: [first, ...rest] };
  const nothing = explain('');
  const understood = explained.find(({ diagnosis }) => diagnosis.summary !== nothing.summary);
  if (understood) return { kind: 'no-denial', diagnosis: understood.diagnosis };
  return { kind: 'not-understood', diagnosis: explained[0]?.diagnosis ?? nothing };
}

/** Some texts name an error that is no refusal, or none at all. */
function tellsOfDenial({ denial, candidates, remedy }: Diagnosis): boolean {
  return Object.keys(denial).length > 0 || candidates.length > 0 || remedy !== undefined;
}

/** A role has another session each time, which makes no other denial. */
function samenessOf({ customer, diagnosis: { step, summary, denial, confidence } }: Explained): string {
  const { principal, ...refused } = denial;
  return JSON.stringify([customer, step, summary, refused, confidence]);
}
