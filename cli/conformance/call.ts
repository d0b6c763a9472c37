import type { Side } from '../../core/vocabulary.ts';
import type { OperationName } from './operations.ts';

/** One request to AWS, as data: so that a plan lists exactly what a run sends. */
export interface Call {
  readonly side: Side;
  readonly operation: OperationName;
  readonly input: Readonly<Record<string, unknown>>;
  /** What the answer says that later calls need, and under what name. */
  readonly learn?: { readonly as: string; readonly from: readonly string[] };
}

/** Stands in the input of a call for what an earlier one learned. */
export function learned(name: string): string {
  return `<learned ${name}>`;
}

/** The input with everything that was learned in its place. */
export function withLearned(input: Call['input'], known: ReadonlyMap<string, string>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(input), (_, value: unknown) => {
    const [, name] = (typeof value === 'string' && /^<learned (.+)>$/s.exec(value)) || [];
    return name === undefined ? value : (known.get(name) ?? raise(name));
  });
}

function raise(name: string): never {
  throw new Error(`No call has learned ${name}`);
}
