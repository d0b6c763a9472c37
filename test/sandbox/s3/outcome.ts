import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { delivery, region, smallWorld } from '../small-world.ts';

/** A sandbox for the tests of one file, with a fresh world for each of them. */
export interface Stage {
  /** The world of the present test. */
  readonly world: () => World;
  readonly url: () => string;
  readonly s3: (config?: S3ClientConfig) => S3Client;
}

export function stage(): Stage {
  let sandbox: Sandbox;
  let world: World;
  beforeAll(async () => {
    sandbox = await startSandbox({ world: smallWorld() });
  });
  beforeEach(() => {
    world = smallWorld();
    sandbox.use(world);
  });
  afterAll(() => sandbox.stop());
  return {
    world: () => world,
    url: () => sandbox.url,
    s3: (config = {}) =>
      new S3Client({ endpoint: sandbox.url, region, credentials: delivery, maxAttempts: 1, ...config }),
  };
}

/** `CODE: MESSAGE` of a call that S3 refuses; a call that succeeds is a failed test. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('S3 refused nothing');
  return `${error.name}: ${error.message}`;
}
