import type { Aws } from './aws.ts';
import type { Configuration } from './configuration.ts';
import type { SessionCache } from './session.ts';

export interface CheckDependencies {
  readonly configuration: Configuration;
  readonly aws: Aws;
  readonly sessions: SessionCache;
  /** Until Lambda ends the invocation. */
  readonly remainingMs: () => number;
  /** The share of that time that one check may wait for CloudTrail. @default all of it */
  readonly patienceMs?: () => number;
  readonly now: () => Date;
  /** Unique, and fit for an object key. */
  readonly newRunId: () => string;
  /** The ID of the invocation, as in Lambda's own log lines. */
  readonly requestId?: string;
  /** Takes one line, without the line break. */
  readonly log: (line: string) => void;
}
