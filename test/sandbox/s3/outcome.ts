import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { delivery, region, smallWorld } from '../small-world.ts';

/** A sandbox for the tests of one file, with a new world for each test. */
export interface Stage {
  /** The world of the current test. */
  readonly world: () => World;
  readonly url: () => string;
  readonly s3: (config?: S3ClientConfig) => S3Client;
}

export function stage(): Stage {
  let sandbox: Sandbox;
  let world: World;
  let usual: S3Client;
  beforeAll(async () => {
    sandbox = await startSandbox({ world: smallWorld() });
    usual = new S3Client({ endpoint: sandbox.url, region, credentials: delivery, maxAttempts: 1 });
  });
  beforeEach(() => {
    world = smallWorld();
    sandbox.use(world);
  });
  afterAll(() => sandbox.stop());
  return {
    world: () => world,
    url: () => sandbox.url,
    s3: (config) => {
      if (!config) return usual;
      // Otherwise the SDK would read these settings from the environment and files for each client.
      const { requestHandler, useDualstackEndpoint, useFipsEndpoint, defaultsMode, userAgentAppId } = usual.config;
      const settings = { requestHandler, useDualstackEndpoint, useFipsEndpoint, defaultsMode, userAgentAppId };
      return new S3Client({
        ...settings,
        endpoint: sandbox.url,
        region,
        credentials: delivery,
        maxAttempts: 1,
        ...config,
      });
    },
  };
}

/** `CODE: MESSAGE` of a call that S3 denies. Fails the test if the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const { name, message } = await errorOf(call);
  return `${name}: ${message}`;
}

export async function codeOf(call: Promise<unknown>): Promise<string> {
  return (await errorOf(call)).name;
}

/** The parts of a denied request in AWS's message. */
export async function denialOf(call: Promise<unknown>) {
  const { name: code, message } = await errorOf(call);
  const named =
    /perform: (\S+) (?:on resource: "([^"]+)" )?(?:.*(because no|with an explicit deny in an?) (.+?)(?: allows .*)?)?$/;
  const [, action, resource, how, policy] = named.exec(message) ?? [];
  const effect = how && (how.startsWith('with') ? 'explicit' : 'implicit');
  return { code, action, resource, effect, policy };
}

async function errorOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('S3 refused nothing');
  return error;
}
