import type { World } from '../../model/world/world.ts';
import type { FunctionSettings } from '../lambda-runtime.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError, type SandboxResponse, type Service } from '../wire/operation.ts';
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
import { type Credential, credentialOf } from './credential.ts';
import type { Call, InjectedFault, Intercept } from './injected-fault.ts';
import { s3Payload } from './payload.ts';
import { newHostId, newRequestId } from './request-id.ts';
import { isService, protocolOfStranger, serviceOfUnsigned, services } from './services.ts';

export interface AnswerOptions {
  readonly world: World;
  readonly intercept?: Intercept | undefined;
  readonly functionSettings?: (() => FunctionSettings) | undefined;
  readonly onCall: (call: Call) => void;
  /** Where bugs of the sandbox are told: never to the client. */
  readonly onBug: (error: unknown) => void;
}

/** An answer, or what is done to the connection in its place. */
export type Answer = SandboxResponse | 'reset' | 'hang';

/** Serves one request, from the credential to the bytes of the answer. Never rejects. */
export async function answer(incoming: Incoming, options: AnswerOptions): Promise<Answer> {
  const addressee = identify(incoming);
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
  /** What is wrong with the credential. */
  readonly problem?: AwsError;
}

/** A service that the sandbox does not have. */
interface Stranger {
  readonly protocol: Protocol;
  readonly service?: undefined;
  readonly problem: AwsError;
}

function identify(incoming: Incoming): Addressee | Stranger {
  const unsigned = (): Addressee => {
    const service = serviceOfUnsigned(incoming);
    return { service, protocol: protocols[service] };
  };
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
  { protocol, service, credential, problem }: Addressee,
  { requestId }: AnswerIds,
  { world, intercept, onCall, functionSettings }: AnswerOptions,
): Promise<Answer> {
  const { operationName, operations } = services[service];
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
  const authenticated = await authenticate(world, incoming, credential, protocol);
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
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
