import { ownEntry } from '../../core/values.ts';
import type { Origin } from './node.ts';
import { refuse } from './template-error.ts';

/** An input of a deployment. */
export type GivenBy =
  | { readonly by: 'parameter' | 'import'; readonly name: string }
  | { readonly by: 'stack-name'; readonly name?: undefined };

/** A value that a template leaves open for its deployment or another stack. */
export interface UnknownValue {
  /** The same in each place with this value: `parameter KeyArn`. */
  readonly key: string;
  readonly what: string;
  /** How to set it when deploying the template; absent if that is not possible. */
  readonly given?: GivenBy;
  readonly origin: Origin;
  /** The values that the template allows; absent if it sets no limits. */
  readonly allowed?: readonly string[];
  readonly named: readonly string[];
}

/** How to handle a template's unknown values. */
export interface UnknownValues {
  /** False if unknown values are errors, with `why` as the reason. */
  readonly areSupposed: boolean;
  /** A placeholder for the value. @throws TemplateError if unknown values are errors */
  valueOf(unknown: Omit<UnknownValue, 'named'>, why: string): string;
  /** Called for two texts that the template compares. If one is a placeholder, the other is a possible value of it. */
  compared(a: string, others: readonly string[]): void;
  hasUnknown(text: string): boolean;
}

export const refusedUnknowns: UnknownValues = {
  areSupposed: false,
  valueOf: ({ origin }, why) => refuse(origin, why),
  compared: () => {},
  hasUnknown: () => false,
};

/** Private-use characters, which no template contains. They enclose an {@link UnknownValue.key}. */
const mark = { from: '\uE000', to: '\uE001' } as const;

const marked = new RegExp(`${mark.from}([^${mark.to}]*)${mark.to}`, 'g');

/** A part of a text: literal, or the key of an unknown value. */
export type TextPart = string | { readonly unknown: string };

/** The parts of a text that was resolved without assumed values. */
export function partsOf(text: string): readonly TextPart[] {
  const pieces = text.split(marked);
  return pieces.map((piece, at) => (at % 2 === 0 ? piece : { unknown: piece })).filter((part) => part !== '');
}

export function hasMark(text: string): boolean {
  return text.includes(mark.from);
}

/**
 * Resolves a template as if its unknown values were known, and records them.
 *
 * @param supposed values by {@link UnknownValue.key}; any other unknown value becomes a marker
 */
export class SupposedValues implements UnknownValues {
  readonly areSupposed = true;
  readonly #found = new Map<string, Omit<UnknownValue, 'named'> & { readonly named: Set<string> }>();

  constructor(private readonly supposed: Readonly<Record<string, string>>) {}

  valueOf(unknown: Omit<UnknownValue, 'named'>): string {
    const { key } = unknown;
    if (!this.#found.has(key)) this.#found.set(key, { ...unknown, named: new Set() });
    return ownEntry(this.supposed, key) ?? `${mark.from}${key}${mark.to}`;
  }

  compared(a: string, others: readonly string[]): void {
    for (const [text, other] of others.flatMap((one) => [[a, one] as const, [one, a] as const])) {
      const [only, ...rest] = partsOf(text);
      if (typeof only !== 'object' || rest.length > 0 || hasMark(other)) continue;
      this.#found.get(only.unknown)?.named.add(other);
    }
  }

  hasUnknown(text: string): boolean {
    return (
      hasMark(text) || [...this.#found.keys()].some((key) => text.includes(ownEntry(this.supposed, key) || '\uE000'))
    );
  }

  get found(): readonly UnknownValue[] {
    return [...this.#found.values()].map((one) => ({ ...one, named: [...one.named] }));
  }
}

/** Represents a part of a template that is not a plain value because a transform creates it. */
export function unsupportedText(what: string): string {
  return `${mark.from}unsupported ${what}${mark.to}`;
}

/** The transform or function that prevents a value from being read; undefined if there is none. */
export function unsupportedIn(text: string): string | undefined {
  return new RegExp(`${mark.from}unsupported ([^${mark.to}]*)${mark.to}`).exec(text)?.[1];
}
