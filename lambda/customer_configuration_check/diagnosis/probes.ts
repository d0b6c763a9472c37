import type { AnyProbe } from './probe.ts';
import { readsTrustPolicy, simulatesAssumeRole } from './probes/assume-role.ts';
import { controlsSimulation } from './probes/control-simulation.ts';
import { copiesWithin } from './probes/copy-within.ts';
import { deletesNothing } from './probes/delete-nothing.ts';
import { describesKey } from './probes/describe-key.ts';
import { runsDry } from './probes/dry-runs.ts';
import { leavesTheSession } from './probes/leave-the-session.ts';
import { looksIntoCloudTrail } from './probes/look-into-cloudtrail.ts';
import { looksAtSource, readsSource } from './probes/read-source.ts';
import { simulatesKms, simulatesS3, simulatesWithoutBoundary } from './probes/simulate-delivery.ts';
import { variesTheDelivery } from './probes/vary-the-delivery.ts';

/**
 * Every question that may be asked after a denial, most informative first. If there are more questions than allowed
 * requests, the last ones stay open.
 */
export const probes: readonly AnyProbe[] = [
  simulatesAssumeRole,
  readsTrustPolicy,
  readsSource,
  deletesNothing,
  variesTheDelivery,
  simulatesS3,
  simulatesKms,
  leavesTheSession,
  describesKey,
  controlsSimulation,
  simulatesWithoutBoundary,
  looksAtSource,
  copiesWithin,
  runsDry,
  looksIntoCloudTrail,
];
