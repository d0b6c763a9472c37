import { createHash } from 'node:crypto';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { type Spread, spreadOf } from './statistics.ts';

export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly processors: number;
  /** The average number of processes that wanted to run, over the last minute. */
  readonly load: number;
  /** The duration of the same work, repeated, in milliseconds. On a quiet machine, all values are equal. */
  readonly sameWork: Spread;
}

export function describeMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    load: loadavg()[0] ?? 0,
    sameWork: spreadOf(Array.from({ length: 30 }, sameWork)),
  };
}

const block = Buffer.alloc(1_000_000);

function sameWork(): number {
  const begin = performance.now();
  for (let round = 0; round < 10; round++) createHash('sha256').update(block).digest();
  return performance.now() - begin;
}
