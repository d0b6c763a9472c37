import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  // Tests of time limits wait more than they compute.
  maxWorkers: availableParallelism() + 1,
  // Jest keeps something of every file that a worker has run, which makes each promise of the next ones slower.
  workerIdleMemoryLimit: '400MB',
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  reporters: ['default', '<rootDir>/test/without-browser-reporter.mjs'],
  globalSetup: '<rootDir>/test/synthesize.ts',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  testTimeout: 60_000,
};
