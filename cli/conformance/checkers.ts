import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AwsCredentialIdentity } from '@smithy/types';
import { endpointOf, functionArn } from '../../core/arn.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import type { PolicyDocument } from '../../model/world/world.ts';
import type { HttpExchange } from '../../sandbox/lambda-runtime.ts';
import { openOnLoopback } from '../../sandbox/server/listen.ts';
import { signedFetch } from '../collect/signed-requests.ts';
import { credentialVariables } from '../run/function-settings.ts';
import { isolates } from '../run/isolates.ts';
import type { FunctionAnswer } from '../run/job.ts';
import { ServedWorlds } from '../run/served-worlds.ts';
import type { Accounts } from './account-calls.ts';
import { roleIn } from './run-names.ts';

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
    // If a world is checked again, it must not contain objects from the earlier check.
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

/** Runs the bundle on this machine as the check's role in the service's account, like the deployed function. */
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
        ...credentialVariables(session),
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

  /** Creates a session. Its policies are part of the request, so one checker serves many worlds. */
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

interface Target {
  /** The endpoint of STS. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
}

/**
 * A proxy between the check and STS, for worlds in which the delivery role's session has another policy than the check
 * requests. It puts that policy in AssumeRole, signs the request again, and returns AWS's answer unchanged.
 */
class SessionPolicies {
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #policy: PolicyDocument | undefined;
  #target: Target | undefined;
  #listening: ReturnType<typeof openOnLoopback> | undefined;

  /** @returns the endpoint that the check uses as STS */
  async use(policy: PolicyDocument, target: Target): Promise<string> {
    this.#policy = policy;
    this.#target = target;
    this.#listening ??= openOnLoopback(this.#server);
    return `http://127.0.0.1:${(await this.#listening).port}`;
  }

  async end(): Promise<void> {
    await (await this.#listening)?.stop();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of message) chunks.push(chunk);
      const answer = await this.#forwarded(Buffer.concat(chunks).toString());
      response.writeHead(answer.status, Object.fromEntries(answer.headers.filter(([name]) => !hopByHop.test(name))));
      response.end(answer.body);
    } catch (error) {
      response.writeHead(502);
      response.end(String(error));
    }
  }

  async #forwarded(form: string) {
    const target = this.#target;
    if (!target) throw new Error('Nobody has said what STS is');
    const parameters = new URLSearchParams(form);
    if (parameters.get('Action') === 'AssumeRole') parameters.set('Policy', JSON.stringify(this.#policy));
    const { endpoint, ...signing } = target;
    const answered = await signedFetch({ ...signing, service: 'sts', url: new URL('/', endpoint), form: parameters });
    return { status: answered.status, headers: [...answered.headers], body: Buffer.from(await answered.arrayBuffer()) };
  }
}

/** Headers that apply only to one connection. */
const hopByHop = /^(connection|transfer-encoding|content-encoding|content-length|keep-alive)$/i;
