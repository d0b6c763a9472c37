import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandSurroundings } from '../../../cli/command.ts';
import { main } from '../../../cli/main.ts';
import { placeInWorld } from '../../../cli/run/function-settings.ts';
import { secretOf } from '../../../model/world/callers.ts';
import type { ScenarioFile } from '../../../model/world/scenario-schema.ts';
import type { StoredObject, World } from '../../../model/world/world.ts';
import { type Assembly, assembly } from '../../../sandbox/assembly.ts';
import { scenarioOf } from '../../../sandbox/scenario-files.ts';
import { type Intercept, type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { storedObject } from '../../stored-object.ts';
import { testSurroundings } from '../surroundings.ts';

export const registryBucket = 'secure-inbox-registry-111111111111-us-east-1';
export const acme = ['--customer', 'acme', '--account', '222222222222', '--region', 'us-east-1'] as const;

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServedAccounts {
  readonly world: World;
  readonly sandbox: Sandbox;
  /** Handles requests until the end of the test. */
  intercept: Intercept | undefined;
  serve(scenario?: Partial<ScenarioFile>): Promise<void>;
  /** Runs the command line with a profile for each account. */
  run(args: readonly string[], rest?: Partial<CommandSurroundings> & { input?: string }): Promise<Ran>;
  /** The outputs of the customer's stack. */
  outputs(): Readonly<Record<string, string>>;
  registered(customer?: string): unknown;
  /** Writes an entry as if by hand. */
  put(customer: string, text: string): void;
  file(name: string, content: unknown): string;
}

/** Both accounts over HTTP, and AWS profiles for them: `service`, which is also the default, and `customer`. */
export function servedAccounts(): ServedAccounts {
  const folder = mkdtempSync(join(tmpdir(), 'onboard-'));
  const before = { ...process.env };
  const bugs: unknown[] = [];
  let accountA: Assembly | undefined;
  let world: World | undefined;
  let server: Sandbox | undefined;

  beforeAll(async () => {
    accountA = await assembly();
    await served.serve();
    const { bundleDir } = accountA;
    server = await startSandbox({
      world: served.world,
      functionIn: (of, url) => ({ bundleDir, ...placeInWorld(of, url) }),
      intercept: (request) => served.intercept?.(request),
      onBug: (bug) => bugs.push(bug),
    });
    const credentials = join(folder, 'credentials');
    writeFileSync(
      credentials,
      [
        ...['service', 'reports'].flatMap((name) => profile(name, '111111111111')),
        ...profile('customer', '222222222222'),
      ].join('\n'),
    );
    Object.assign(process.env, {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_ENDPOINT_URL: server.url,
      AWS_SHARED_CREDENTIALS_FILE: credentials,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_PROFILE: 'service',
      AWS_REGION: 'us-east-1',
    });
  });
  beforeEach(() => served.serve());
  afterEach(() => {
    served.intercept = undefined;
    expect(bugs.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    process.env = before;
    rmSync(folder, { recursive: true });
    await server?.stop();
  });

  const served: ServedAccounts = {
    intercept: undefined,
    get world() {
      if (!world) throw new Error('nothing is served yet');
      return world;
    },
    get sandbox() {
      if (!server) throw new Error('nothing is served yet');
      return server;
    },
    async serve(scenario = {}) {
      if (!accountA) throw new Error('not synthesized yet');
      const file = { name: 'a', why: 'b', expect: { verdict: 'passed' as const }, ...scenario };
      ({ world } = await scenarioOf(file, accountA));
      server?.use(world);
    },
    async run(args, rest = {}) {
      const surroundings = testSurroundings({ env: { AWS_ENDPOINT_URL: served.sandbox.url }, ...rest });
      return { status: await main(args, surroundings), ...surroundings.written };
    },
    outputs: () => served.world.stacks?.find(({ name }) => name === 'secure-inbox')?.outputs ?? {},
    registered(customer = 'acme') {
      const object = objects(served.world).get(`customers/${customer}.json`);
      return object && JSON.parse(object.body.toString());
    },
    put(customer, text) {
      const key = `customers/${customer}.json`;
      objects(served.world).set(key, storedObject(key, text));
    },
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
  };
  return served;
}

function profile(name: string, accountId: string): readonly string[] {
  return [`[${name}]`, `aws_access_key_id = AKIAROOT${accountId}`, `aws_secret_access_key = ${secretOf(accountId)}`];
}

function objects({ buckets }: World): Map<string, StoredObject> {
  const registry = buckets.get(registryBucket);
  if (!registry) throw new Error('Account A has no registry');
  return registry.objects;
}
