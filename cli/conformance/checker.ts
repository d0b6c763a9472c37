import { endpointOf, functionArn } from '../../core/arn.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { HttpExchange } from '../../sandbox/lambda-runtime.ts';
import { isolates } from '../run/isolates.ts';
import type { FunctionAnswer } from '../run/job.ts';
import { ServedWorlds } from '../run/served-worlds.ts';
import type { Accounts } from './accounts.ts';
import { roleIn } from './naming.ts';
import { SessionPolicies } from './session-policies.ts';

interface ComparedCheck {
  readonly answer: FunctionAnswer;
  readonly exchanges: readonly HttpExchange[];
}

export class SandboxChecker {
  readonly #served: ServedWorlds;
  #exchanges: HttpExchange[] = [];

  constructor(bundleDir: string) {
    this.#served = new ServedWorlds({ bundleDir, onExchange: (exchange) => this.#exchanges.push(exchange) });
  }

  async check(scenario: Scenario): Promise<ComparedCheck> {
    const { world, name: title, event } = scenario;
    // What an earlier check left there must not be in a world that is checked again.
    const buckets = new Map([...world.buckets].map(([name, bucket]) => [name, { ...bucket, objects: new Map() }]));
    const fresh = { ...world, buckets, trail: [], callers: new Map(world.callers) };
    this.#exchanges = [];
    const { answer } = await this.#served.run({ title, event, scenario: { ...scenario, world: fresh } });
    return { answer, exchanges: this.#exchanges };
  }

  async end(): Promise<void> {
    await this.#served.stop();
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
  readonly #sessions = new SessionPolicies();
  #session: Session | undefined;
  #exchanges: HttpExchange[] = [];
  readonly #note = (exchange: HttpExchange) => void this.#exchanges.push(exchange);

  constructor(
    readonly bundleDir: string,
    readonly accounts: Accounts,
    readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

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
    this.#exchanges = [];
    const isolate = isolates.take({
      bundleDir: this.bundleDir,
      onExchange: this.#note,
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
    const outcome = await isolate.run({ title: scenario.name, event: scenario.event });
    isolates.giveBack(isolate, outcome);
    return { answer: outcome.answer, exchanges: this.#exchanges };
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
