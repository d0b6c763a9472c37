import type { Side } from '../../core/vocabulary.ts';
import type { Settling } from './account-calls.ts';
import { type OperationName, operationOf } from './aws-operations.ts';
import { Placement } from './calls-for-change.ts';
import type { SandboxChecker } from './checkers.ts';
import { tells } from './compare-answers.ts';
import { type Creation, creationsFor } from './create-resources.ts';
import { type Observed, observed } from './observed-check.ts';
import type { Chosen } from './obstacles.ts';
import { removals } from './remove-resources.ts';
import type { RunBase } from './run-names.ts';
import { madeUpNames, worldInRun } from './world-in-run.ts';

export interface Count {
  /** Absent for the requests of the check. */
  readonly side?: Side;
  readonly service: string;
  readonly operation: string;
  readonly count: number;
}

/** A world with the sandbox's answers in it. Their names differ from those of this run. */
export type ExpectedWorld = Chosen & { readonly expected: Observed };

export interface RunPlan {
  readonly prefix: string;
  readonly region: string;
  readonly worlds: readonly ExpectedWorld[];
  readonly creations: readonly Creation[];
  readonly calls: {
    readonly create: readonly Count[];
    readonly put: readonly Count[];
    /** Set if each world is checked twice. */
    readonly check: readonly Count[];
    readonly cleanUp: readonly Count[];
  };
  readonly keys: number;
  readonly cents: number;
  readonly minutes: number;
}

/** Estimated seconds for a check, for another request, and until a change is in effect. */
const seconds = { check: 1.5, request: 0.3, propagation: 8 } as const;

/** @param worlds in the order in which they are applied, starting with the default one */
export async function planned(
  worlds: readonly Chosen[],
  base: RunBase,
  sandbox: SandboxChecker,
  { settleMs }: Pick<Settling, 'settleMs'>,
  tell: (done: number) => void,
): Promise<RunPlan> {
  const names = madeUpNames(base);
  const placement = new Placement(base.identities);
  const put = new Counts();
  const check = new Counts();
  const expectedWorlds: ExpectedWorld[] = [];
  let lasts = 0;
  for (const [nth, chosen] of worlds.entries()) {
    tell(nth);
    const { scenario, settings, neutral } = worldInRun(chosen, names);
    const calls = placement.callsTo(settings);
    placement.suppose(calls);
    for (const { call } of calls) put.add(call.operation, call.side);
    const { answer, exchanges } = await sandbox.check(scenario);
    const expected = observed(answer, exchanges, neutral);
    for (const { request } of expected.answers) check.addCheck(request, 2);
    const settling = tells(expected, expectedWorlds.at(-1)?.expected) ? seconds.propagation : settleMs / 1_000;
    lasts += calls.length * seconds.request + 2 * seconds.check + settling;
    expectedWorlds.push({ ...chosen, expected });
  }
  const creations = creationsFor(worlds, base);
  const create = new Counts();
  for (const { calls, mustBeFree } of creations) {
    for (const call of [...(mustBeFree ? [mustBeFree] : []), ...calls]) create.add(call.operation, call.side);
  }
  const cleanUp = cleanUpOf(creations);
  lasts += (create.total + cleanUp.total) * seconds.request + seconds.propagation;
  const keys = creations.filter(({ resource }) => resource.kind === 'key').length;
  const hours = Math.max(1, Math.ceil(lasts / 3_600));
  return {
    prefix: base.prefix,
    region: base.region,
    worlds: expectedWorlds,
    creations,
    calls: { create: create.list, put: put.list, check: check.list, cleanUp: cleanUp.list },
    keys,
    cents: keys * hours * cents.keyHour + [create, put, check, cleanUp].reduce((sum, counts) => sum + counts.cents, 0),
    minutes: lasts / 60,
  };
}

/** A minimum: each role ends with a policy or two, and each bucket with one page of objects. */
function cleanUpOf(creations: readonly Creation[]): Counts {
  const counts = new Counts();
  for (const { resource } of creations)
    for (const operation of removals[resource.kind].always) counts.add(operation, resource.side);
  return counts;
}

class Counts {
  readonly #counts = new Map<string, Count>();
  cents = 0;

  add(operation: OperationName, side: Side): void {
    const { service, price } = operationOf(operation);
    this.#add({ side, service, operation, count: 1 });
    if (price) this.cents += cents[price];
  }

  addCheck(request: string, count: number): void {
    const [service = '', operation = ''] = request.split(' ');
    this.#add({ service, operation, count });
    this.cents += count * (centsOfCheck[operation] ?? 0);
  }

  get list(): readonly Count[] {
    return [...this.#counts.values()];
  }

  get total(): number {
    return this.list.reduce((sum, { count }) => sum + count, 0);
  }

  #add(one: Count): void {
    const id = `${one.side} ${one.service} ${one.operation}`;
    this.#counts.set(id, { ...one, count: (this.#counts.get(id)?.count ?? 0) + one.count });
  }
}

/**
 * In cents, for us-east-1; other Regions differ slightly. Requests within AWS's free tier cost nothing.
 *
 * Source: https://aws.amazon.com/kms/pricing/ and https://aws.amazon.com/s3/pricing/, as docs/scale/assumptions.ts has them;
 * the pages were not checked again for this. IAM, STS and Organizations are free; so is a key that is pending deletion.
 */
const cents = {
  /** A key costs a dollar a month, billed by the hour. */
  keyHour: 100 / 730,
  kms: 3 / 10_000,
  's3-write': 0.5 / 1_000,
  's3-read': 0.04 / 1_000,
} as const;

/** The cost of a request of the check, including S3's calls to KMS for it. */
const centsOfCheck: Readonly<Record<string, number>> = {
  PutObject: cents['s3-write'] + cents.kms,
  CopyObject: cents['s3-write'] + cents['s3-read'] + 2 * cents.kms,
  GetObject: cents['s3-read'] + cents.kms,
  HeadObject: cents['s3-read'],
  HeadBucket: cents['s3-read'],
  ListObjectsV2: cents['s3-write'],
  GenerateDataKey: cents.kms,
  GenerateDataKeyWithoutPlaintext: cents.kms,
  Decrypt: cents.kms,
  DescribeKey: cents.kms,
};
