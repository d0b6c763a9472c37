import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/slow-first.mjs';

/** What the shipped templates allow and refuse, in every partition: ARNs and endpoints are others there. */
const ofTheTemplates = [
  'test/cloudformation/!(published-rules).test.ts',
  'test/least-privilege/*.test.ts',
  'test/lib/least-privilege.test.ts',
];

/**
 * V8 optimizes a function after 8 times as much work as usual. Most code of a test ends before that pays: a quarter of the
 * computing time was V8's optimizing compiler. Later versions of Node.js have another compiler first, and not this flag.
 */
const lateOptimization = ['--interrupt-budget=528000'].filter(
  (flag) => spawnSync(process.execPath, [flag, '--version']).status === 0,
);

/** @param {import('vitest/config').TestProjectInlineConfiguration['test']} test */
const project = (test) => ({ extends: true, test });

export default defineConfig({
  test: {
    globals: true,
    globalSetup: 'test/synthesize.ts',
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A worker keeps the modules that it has loaded: most of the time of a small test would be to load them again.
    isolate: false,
    pool: 'forks',
    execArgv: lateOptimization,
    // Tests of time limits wait more than they compute.
    maxWorkers: availableParallelism() + 1,
    // What a file is transformed to depends on its text alone: also for another project, or in the next run.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/transformed-for-tests' },
    sequence: { sequencer: SlowFirst },
    slowTestThreshold: 10_000,
    reporters: ['default', './test/left-out-reporter.mjs'],
    projects: [
      project({ name: 'aws', include: ['test/**/*.test.ts'] }),
      ...['aws-cn', 'aws-us-gov'].map((partition) =>
        project({ name: partition, include: ofTheTemplates, env: { PARTITION: partition } }),
      ),
    ],
  },
});
