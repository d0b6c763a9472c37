import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/synthesize.ts',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
};

/** What the shipped templates allow and refuse, in every partition: ARNs and endpoints are others there. */
const ofTheTemplates = [
  '<rootDir>/test/cloudformation/!(published-rules).test.ts',
  '<rootDir>/test/least-privilege/*.test.ts',
  '<rootDir>/test/lib/least-privilege.test.ts',
];

/** @type {import('jest').Config} */
export default {
  // Tests of time limits wait more than they compute.
  maxWorkers: availableParallelism() + 1,
  // Jest keeps something of every file that a worker has run, which makes each promise of the next ones slower.
  workerIdleMemoryLimit: '400MB',
  reporters: ['default', '<rootDir>/test/left-out-reporter.mjs'],
  testSequencer: '<rootDir>/test/slow-first.mjs',
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'aws', testMatch: ['**/*.test.ts'] },
    ...['aws-cn', 'aws-us-gov'].map((partition) => ({
      ...common,
      displayName: partition,
      testMatch: ofTheTemplates,
      globals: { partition },
    })),
  ],
};
