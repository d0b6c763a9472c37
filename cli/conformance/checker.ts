import { endpointOf, functionArn } from '../../core/arn.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { FunctionSettings, HttpExchange } from '../../sandbox/lambda-runtime.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start.ts';
import { type FunctionPlace, placeInWorld } from '../run/function-settings.ts';
import { isolates } from '../run/isolates.ts';
import type { FunctionAnswer } from '../run/job.ts';
import type { Accounts } from './accounts.ts';
import { roleIn } from './naming.ts';
import { SessionPolicies } from './session-policies.ts';

interface ComparedCheck {
  readonly answer: FunctionAnswer;
  readonly exchanges: readonly HttpExchange[];
}

/** Runs the bundle somewhere, and notes what it asked and was answered. */
export class Checker {
  readonly #bundleDir: string;
  #exchanges: HttpExchange[] = [];
  readonly #note = (exchange: HttpExchange) => void this.#exchanges.push(exchange);

  constructor(bundleDir: string) {
    this.#bundleDir = bundleDir;
  }

  async check({ name, event }: Pick<Scenario, 'name' | 'event'>, place: FunctionPlace): Promise<ComparedCheck> {
    const settings: FunctionSettings = { bundleDir: this.#bundleDir, ...place, onExchange: this.#note };
    const isolate = isolates.take(settings);
    this.#exchanges = [];
    const outcome = await isolate.run({ title: name, event });
    isolates.giveBack(isolate, outcome);
    return { answer: outcome.answer, exchanges: this.#exchanges };
  }
}

/** What the sandbox says of worlds. */
export class SandboxChecker {
  readonly #checker: Checker;
  #sandbox: Sandbox | undefined;

  constructor(bundleDir: string) {
    this.#checker = new Checker(bundleDir);
  }

  async check(scenario: Scenario): Promise<ComparedCheck> {
    const { world } = scenario;
    // What an earlier check left there must not be in a world that is checked again.
    const buckets = new Map([...world.buckets].map(([name, bucket]) => [name, { ...bucket, objects: new Map() }]));
    const fresh = { ...world, buckets, trail: [], callers: new Map(world.callers) };
    this.#sandbox ??= await startSandbox({ world: fresh });
    this.#sandbox.use(fresh);
    return this.#checker.check(scenario, placeInWorld(fresh, this.#sandbox.url));
  }

  async end(): Promise<void> {
    await this.#sandbox?.stop();
  }
}

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

const tenMinutes = 600_000;
const passedOn = /^(AWS_ENDPOINT_URL|HTTPS?_PROXY$|NO_PROXY$|NODE_EXTRA_CA_CERTS$)/i;

/** Runs the bundle here as the role of the check in the service's account, like the function that is deployed there. */
export class AwsChecker {
  readonly #checker: Checker;
  readonly #sessions = new SessionPolicies();
  #session: Session | undefined;

  constructor(
    bundleDir: string,
    readonly accounts: Accounts,
    readonly env: Readonly<Record<string, string | undefined>>,
  ) {
    this.#checker = new Checker(bundleDir);
  }

  async check(scenario: Scenario): Promise<ComparedCheck> {
    const { world } = scenario;
    const { region } = this.accounts;
    const session = await this.#sessionOf(roleIn(world, world.checkRoleArn));
    const endpoints = Object.entries(this.env).flatMap(([name, value]) =>
      passedOn.test(name) && value !== undefined ? [[name, value] as const] : [],
    );
    const policy = world.sessionPolicyOverride;
    const sts =
      policy && (await this.#sessions.use(policy, { region, endpoint: this.#stsEndpoint(), credentials: session }));
    return this.#checker.check(scenario, {
      functionArn: functionArn(region, world.serviceAccountId, roleIn(world, world.checkRoleArn).name),
      environment: {
        ...Object.fromEntries(endpoints),
        ...(sts !== undefined && { AWS_ENDPOINT_URL_STS: sts }),
        ...world.functionEnvironment,
        INBOXES_IN_THIS_ACCOUNT: 'true',
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
      },
    });
  }

  async end(): Promise<void> {
    await this.#sessions.end();
  }

  #stsEndpoint(): string {
    const { region } = this.accounts;
    return this.env['AWS_ENDPOINT_URL_STS'] || this.env['AWS_ENDPOINT_URL'] || `https://${endpointOf('sts', region)}`;
  }

  /** A session's policies are asked with each request, so one serves many worlds. */
  async #sessionOf({ arn, name }: { readonly arn: string; readonly name: string }): Promise<Session> {
    const left = (this.#session?.expiration.getTime() ?? 0) - Date.now();
    if (this.#session && left > tenMinutes) return this.#session;
    const input = { RoleArn: arn, RoleSessionName: name };
    const { Credentials } = await this.accounts.send({ side: 'service', operation: 'AssumeRole', input }, true);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials as Readonly<Record<string, unknown>>;
    this.#session = {
      accessKeyId: String(AccessKeyId),
      secretAccessKey: String(SecretAccessKey),
      sessionToken: String(SessionToken),
      expiration: new Date(Expiration as Date),
    };
    return this.#session;
  }
}
