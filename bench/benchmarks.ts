import type { Benchmark } from './benchmark.ts';
import { batch } from './benchmarks/batch.ts';
import { bundleSize } from './benchmarks/bundle-size.ts';
import { catalog } from './benchmarks/catalog.ts';
import { checkLatency } from './benchmarks/check-latency.ts';
import { customerPage } from './benchmarks/customer-page.ts';
import { deniedCheck } from './benchmarks/denied-check.ts';
import { htmlPage } from './benchmarks/html-page.ts';
import { importTime } from './benchmarks/import-time.ts';
import { sandboxMemory } from './benchmarks/sandbox-memory.ts';
import { templatePreflight } from './benchmarks/template-preflight.ts';

/** To add one: a file in benchmarks/, an entry here, a section in docs/internals/benchmarks.md. */
export const benchmarks: readonly Benchmark[] = [
  bundleSize,
  importTime,
  checkLatency,
  deniedCheck,
  batch,
  catalog,
  htmlPage,
  templatePreflight,
  customerPage,
  sandboxMemory,
];
