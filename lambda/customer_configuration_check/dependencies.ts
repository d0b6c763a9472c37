import type { Aws } from './aws.ts';
import type { Configuration } from './configuration.ts';
import type { SessionCache } from './session.ts';

export interface CheckDependencies {
  readonly configuration: Configuration;
  readonly aws: Aws;
  readonly sessions: SessionCache;
  /** Time until Lambda ends the invocation. */
  readonly remainingMs: () => number;
  /** The share of that time that one check may wait for CloudTrail. @default all of it */
  readonly patienceMs?: () => number;
  readonly now: () => Date;
  /** Unique, and valid in an object key. */
  readonly newRunId: () => string;
  /** The ID of the invocation, as in Lambda's own log lines. */
  readonly requestId?: string;
  /** Writes one line; the line break is added. */
  readonly log: (line: string) => void;
}
