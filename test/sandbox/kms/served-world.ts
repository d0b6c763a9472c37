import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { STSClient } from '@aws-sdk/client-sts';
import type { Caller, World } from '../../../model/world/world.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { region, smallWorld } from '../small-world.ts';

/** A sandbox for the tests of a file, with a new small world for each test. */
export function servedWorld(): { readonly world: World; readonly clientsOf: typeof clientsOf } {
  let sandbox: Sandbox | undefined;
  let world = smallWorld();
  const bugs: unknown[] = [];

  beforeAll(async () => {
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
    sandbox = await startSandbox({ world, onBug: (error) => bugs.push(error) });
  });
  beforeEach(() => {
    world = smallWorld();
    sandbox?.use(world);
  });
  afterEach(() => {
    expect(bugs.splice(0)).toEqual([]);
  });
  afterAll(() => sandbox?.stop());

  function clientsOf(caller: Caller, of: string = region) {
    const { accessKeyId, secretAccessKey, sessionToken } = caller;
    const settings = {
      endpoint: sandbox?.url ?? '',
      region: of,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
      maxAttempts: 1,
    };
    return {
      kms: new KMSClient(settings),
      sts: new STSClient(settings),
      iam: new IAMClient(settings),
      cloudtrail: new CloudTrailClient(settings),
    };
  }

  return {
    get world() {
      return world;
    },
    clientsOf,
  };
}

export interface Failure {
  readonly code: string;
  readonly status: number | undefined;
  readonly message: string;
}

/** The error of a call. Fails the test if the call succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const error: unknown = await call.then(
    (answer) => {
      throw new Error(`expected a failure, got ${JSON.stringify(answer)}`);
    },
    (reason: unknown) => reason,
  );
  if (!isServiceError(error)) throw error;
  // The SDK replaces an empty message with its own word.
  const message = error.message === 'UnknownError' ? '' : error.message;
  return { code: error.name, status: error.$metadata.httpStatusCode, message };
}

function isServiceError(error: unknown): error is Error & { $metadata: { httpStatusCode?: number } } {
  return error instanceof Error && '$metadata' in error;
}
