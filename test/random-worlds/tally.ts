import type { SeenWorld } from './hunt.ts';

type Counts = Readonly<Record<string, number>>;

/** The kinds of worlds that were tried. */
export interface Tally {
  readonly worlds: number;
  readonly verdicts: Counts;
  readonly faults: Counts;
  readonly layers: Counts;
  readonly confidences: Counts;
}

export const emptyTally: Tally = { worlds: 0, verdicts: {}, faults: {}, layers: {}, confidences: {} };

export function withWorld(tally: Tally, { truth, report }: SeenWorld): Tally {
  const { faults, outcomes } = truth;
  const [{ verdict }] = outcomes;
  return {
    worlds: tally.worlds + 1,
    verdicts: plus(tally.verdicts, [verdict]),
    faults: plus(tally.faults, [faults.length > 3 ? 'more' : String(faults.length)]),
    layers: plus(
      tally.layers,
      faults.map(({ layer }) => layer),
    ),
    confidences: plus(tally.confidences, report?.diagnoses.map(({ confidence }) => confidence) ?? []),
  };
}

function plus(counts: Counts, names: readonly string[]): Counts {
  const sum: Record<string, number> = { ...counts };
  for (const name of names) sum[name] = (sum[name] ?? 0) + 1;
  return sum;
}

export function renderTally({ worlds, verdicts, faults, layers, confidences }: Tally, ms: number): string {
  const seconds = ms / 1000;
  return [
    `${worlds} worlds in ${seconds.toFixed(1)} s: ${(worlds / seconds).toFixed(1)} a second`,
    `verdicts: ${listed(verdicts)}`,
    `faults in a world: ${listed(faults)}`,
    `faults by layer: ${listed(layers)}`,
    `diagnoses by confidence: ${listed(confidences)}`,
    '',
  ].join('\n');
}

function listed(counts: Counts): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
