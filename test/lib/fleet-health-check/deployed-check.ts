import { withCustomers } from '../../../bench/many-customers.ts';
import { placeInWorld } from '../../../cli/run/function-settings.ts';
import type { TestEvent } from '../../../core/event.ts';
import type { Bucket, World } from '../../../model/world/world.ts';
import { assembly } from '../../../sandbox/assembly.ts';
import { FunctionError, type RunningFunction, startFunction } from '../../../sandbox/lambda-runtime.ts';
import { defaultScenario } from '../../../sandbox/scenario-files.ts';
import { startSandbox } from '../../../sandbox/start.ts';
import { storedObject } from '../../stored-object.ts';
import type { CheckFunction } from './fleet.ts';
import { type Json, TaskFailed } from './integrations.ts';
import { registryBucket } from './stack.ts';

/** The deployed bundle, against a sandbox in which each customer has its own account. */
export interface DeployedCheck extends CheckFunction {
  /** Removes the bucket policy that allows deliveries, or restores it. */
  deny(customer: number): void;
  allow(customer: number): void;
  /** Replaces the customer's test event in the registry. */
  register(customer: number, text: string): void;
}

export async function startDeployedCheck(customers: number): Promise<DeployedCheck> {
  const synthesized = await assembly();
  const { world: two } = await defaultScenario(synthesized);
  const { world: many, events } = withCustomers(two, customers);
  const registry = registryIn(many, events);
  const buckets = new Map(many.buckets).set(registry.name, registry);
  const world = { ...many, buckets };
  const sandbox = await startSandbox({ world });
  const { environment, functionArn } = placeInWorld(world, sandbox.url);
  const functions = twoOf(() =>
    startFunction({
      bundleDir: synthesized.bundleDir,
      functionArn,
      environment: { ...environment, REGISTRY_BUCKET: registryBucket },
    }),
  );
  const nameOf = (customer: number) => existing(events[customer]).inbox.bucket;
  return {
    keys: events.map(keyOf),
    async invoke(payload, crash) {
      try {
        return await functions.invoke(payload, crash);
      } catch (error) {
        throw error instanceof FunctionError ? new TaskFailed(error.errorType, error.message) : error;
      }
    },
    deny(customer) {
      const { policy: _, ...bucket } = existing(buckets.get(nameOf(customer)));
      buckets.set(bucket.name, bucket);
    },
    allow: (customer) => void buckets.set(nameOf(customer), existing(many.buckets.get(nameOf(customer)))),
    register: (customer, text) => write(registry, keyOf(existing(events[customer])), text),
    stop: () => Promise.all([functions.stop(), sandbox.stop()]),
  };
}

/** Two at a time, because a small machine has two processors. */
function twoOf(start: () => RunningFunction) {
  const all = [start(), start()];
  const idle = [...all];
  const waiting: ((free: RunningFunction) => void)[] = [];
  return {
    async invoke(payload: Json, crash: boolean): Promise<unknown> {
      const one = idle.pop() ?? (await new Promise<RunningFunction>((resolve) => waiting.push(resolve)));
      try {
        const invocation = one.invoke(payload);
        // Ends the isolate while it works.
        if (crash) await Promise.all([invocation, one.stop()]);
        return await invocation;
      } finally {
        const next = waiting.shift();
        if (next) next(one);
        else idle.push(one);
      }
    },
    stop: () => Promise.all(all.map((one) => one.stop())),
  };
}

function keyOf({ customer }: TestEvent): string {
  return `customers/${customer}.json`;
}

/** A bucket of the service that the check's role may read. */
function registryIn(world: World, events: readonly TestEvent[]): Bucket {
  const registry: Bucket = {
    ...existing(world.buckets.get(world.internalBucket)),
    name: registryBucket,
    defaultEncryption: { sseAlgorithm: 'AES256', bucketKeyEnabled: false },
    policy: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: world.checkRoleArn },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${registryBucket}/*`,
      },
    },
    objects: new Map(),
  };
  for (const event of events) write(registry, keyOf(event), JSON.stringify(event));
  return registry;
}

function write({ objects }: Bucket, key: string, text: string): void {
  objects.set(key, storedObject(key, text));
}

function existing<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('The world has no such customer.');
  return found;
}
