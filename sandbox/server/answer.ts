import { randomBytes, randomUUID } from 'node:crypto';
import { ownEntry } from '../../core/values.ts';
import type { World } from '../../model/world/world.ts';
import type { FunctionSettings } from '../lambda-runtime.ts';
import { anonymousHeadBucket } from '../s3/bucket-configuration.ts';
import type { BodyLimit, Heading, Incoming } from '../wire/incoming.ts';
import { AwsError, type SandboxResponse, type Service, type ServiceOperation } from '../wire/operation.ts';
import {
  type AnswerIds,
  identifyingHeaders,
  internalError,
  notImplemented,
  type Protocol,
  protocols,
  renderError,
} from '../wire/protocol.ts';
import { authenticate } from './authenticate.ts';
import { bodyLimit, unreadable } from './body-limits.ts';
import { type Credential, credentialOf } from './credential.ts';
import { s3Payload } from './payload.ts';
import { isService, protocolOfStranger, serviceOfUnsigned, services } from './services.ts';

interface AnswerOptions {
  readonly world: World;
  readonly intercept?: Intercept | undefined;
  readonly functionSettings?: (() => FunctionSettings) | undefined;
  /** In addition to the sandbox's own operations. */
  readonly operations?: Partial<Record<Service, Readonly<Record<string, ServiceOperation>>>> | undefined;
  readonly onCall: (call: InterceptedCall) => void;
  /** Gets the sandbox's own bugs, which are never shown to the client. */
  readonly onBug: (error: unknown) => void;
}

/** An answer, or what to do with the connection instead. */
export type Answer = SandboxResponse | 'reset' | 'hang';

/**
 * Serves one request, from the credential to the bytes of the answer. Rejects only if the body can't be read.
 *
 * @param read reads the body; not called if the headers alone show that it is too large
 */
export async function answer(
  heading: Heading,
  read: (limit: BodyLimit) => Promise<Buffer>,
  options: AnswerOptions,
): Promise<Answer> {
  const signedFor = signedService(heading);
  const unread = unreadable(heading, signedFor);
  const received = unread ? emptyBody : await read(bodyLimit(signedFor)).catch(asRefusal);
  const incoming = { ...heading, body: received instanceof AwsError ? emptyBody : received };
  const tooLarge = unread ?? (received instanceof AwsError ? received : undefined);
  const addressee = { ...identify(incoming), ...(signedFor !== undefined && tooLarge && { tooLarge }) };
  const { protocol, service } = addressee;
  const ids: AnswerIds = { requestId: newRequestId(protocol), hostId: newHostId() };
  try {
    if (addressee.service === undefined) throw addressee.problem;
    return withIds(await serve(incoming, addressee, ids, options), protocol, ids);
  } catch (error) {
    if (!(error instanceof AwsError)) options.onBug(error);
    const told = error instanceof AwsError ? error : internalError();
    return withIds(renderError(protocol, told, ids, service), protocol, ids);
  }
}

function withIds(response: Answer, protocol: Protocol, ids: AnswerIds): Answer {
  if (response === 'reset' || response === 'hang') return response;
  return { ...response, headers: { ...identifyingHeaders(protocol, ids), ...response.headers } };
}

interface Addressee {
  readonly protocol: Protocol;
  readonly service: Service;
  readonly credential?: Credential;
  readonly tooLarge?: AwsError;
  readonly problem?: AwsError;
}

interface Stranger {
  readonly protocol: Protocol;
  readonly service?: undefined;
  readonly problem: AwsError;
}

const emptyBody = Buffer.alloc(0);

function asRefusal(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  throw error;
}

/** The service in a request's credential, if the credential can be read. */
function signedService(heading: Heading): string | undefined {
  try {
    return credentialOf(heading)?.service;
  } catch {
    return undefined;
  }
}

function identify(incoming: Incoming): Addressee | Stranger {
  const unsigned = (): Addressee => {
    const service = serviceOfUnsigned(incoming);
    return { service, protocol: protocols[service] };
  };
  const foreign = foreignHost(incoming.headers['host']);
  if (foreign) return { ...unsigned(), problem: foreign };
  try {
    const credential = credentialOf(incoming);
    if (!credential) return unsigned();
    const { service } = credential;
    if (isService(service)) return { service, protocol: protocols[service], credential };
    return { protocol: protocolOfStranger(incoming), problem: notImplemented(`the service ${service}`) };
  } catch (error) {
    if (error instanceof AwsError) return { ...unsigned(), problem: error };
    throw error;
  }
}

async function serve(
  incoming: Incoming,
  { protocol, service, credential, problem, tooLarge }: Addressee,
  { requestId }: AnswerIds,
  { world, intercept, onCall, functionSettings, operations: more }: AnswerOptions,
): Promise<Answer> {
  const { operationName } = services[service];
  const operations = { ...services[service].operations, ...more?.[service] };
  const operation = operationName(incoming);
  const region = credential?.region ?? '';
  onCall({ service, operation, at: new Date() });
  const accessKeyId = credential?.accessKeyId;
  const fault = intercept?.({
    service,
    operation,
    region,
    incoming,
    ...(accessKeyId !== undefined && { accessKeyId }),
  });
  if (fault) return suffer(fault);
  if (problem) throw problem;
  if (!credential && operation === 'HeadBucket') throw anonymousHeadBucket(world, incoming);
  // S3 takes the hash of a body from a header, the other services from the body itself.
  if (tooLarge && service !== 's3') throw tooLarge;
  const authenticated = await authenticate(world, incoming, credential, protocol);
  if (tooLarge) throw tooLarge;
  const run = ownEntry(operations, operation);
  if (!run) throw notImplemented(`${service} ${operation || 'requests without an operation'}`);
  const { caller } = authenticated;
  const { method, path, query } = incoming;
  const { headers, body } =
    service === 's3' ? s3Payload(incoming, authenticated, credential?.longDate ?? '') : incoming;
  const asked = { requestId, service, region, method, path, query, headers, body, caller };
  return run(world, functionSettings ? { ...asked, functionSettings } : asked);
}

function suffer(fault: InjectedFault): Answer {
  if (fault.kind === 'error') throw fault.error;
  return fault.kind === 'answer' ? fault.response : fault.kind;
}

/**
 * Names of the sandbox itself, and AWS's own, which no one else can point at this machine. Any other name may come from
 * a web page that had its own name resolve to this machine (DNS rebinding).
 */
const ownHosts: readonly RegExp[] = [
  /^(?:.+\.)?(?:localhost|127\.0\.0\.1)$/,
  /^\[::1\]$/,
  /\.amazonaws\.com(?:\.cn)?$/,
];

/** Rejects a request that was not meant for this machine. */
function foreignHost(host = ''): AwsError | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (ownHosts.some((pattern) => pattern.test(name))) return undefined;
  return new AwsError(
    'AccessDenied',
    403,
    `The sandbox answers at loopback names only, such as 127.0.0.1 and BUCKET.localhost. The Host header is ${JSON.stringify(host)}.`,
  );
}

/** S3's request IDs are 16 upper-case characters; those of other services are UUIDs. */
function newRequestId(protocol: Protocol): string {
  return protocol === 'rest-xml' ? randomBytes(8).toString('hex').toUpperCase() : randomUUID();
}

/** S3's second ID, which AWS Support needs together with the first. */
function newHostId(): string {
  return randomBytes(57).toString('base64');
}

/** A request that reached the sandbox, for assertions about AWS calls. */
export interface InterceptedCall {
  readonly service: Service;
  readonly operation: string;
  readonly at: Date;
}

/** Passed to a test or benchmark before a request is served. The access key is not verified yet. */
interface InterceptedRequest {
  readonly service: Service;
  readonly operation: string;
  readonly region: string;
  readonly accessKeyId?: string;
  readonly incoming: Incoming;
}

export type InjectedFault =
  /** An error in the bytes of the service's protocol. */
  | { readonly kind: 'error'; readonly error: AwsError }
  /** Arbitrary bytes, such as garbage or a 200 with an error in it. */
  | { readonly kind: 'answer'; readonly response: SandboxResponse }
  | { readonly kind: 'reset' }
  /** No answer, until the client or the sandbox gives up. */
  | { readonly kind: 'hang' };

/** Returns undefined to serve the request as usual. */
export type Intercept = (request: InterceptedRequest) => InjectedFault | undefined;
