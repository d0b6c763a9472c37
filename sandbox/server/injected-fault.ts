import type { Incoming } from '../wire/incoming.ts';
import type { AwsError, SandboxResponse, Service } from '../wire/operation.ts';

/** A request that reached the sandbox: for assertions about which AWS calls were made. */
export interface InterceptedCall {
  readonly service: Service;
  readonly operation: string;
  readonly at: Date;
}

/** What a test or benchmark is shown before a request is served. The access key is not yet verified. */
export interface InterceptedRequest {
  readonly service: Service;
  readonly operation: string;
  readonly region: string;
  readonly accessKeyId?: string;
  readonly incoming: Incoming;
}

/** What happens instead of an answer. */
export type InjectedFault =
  /** An error in the bytes of the service's protocol. */
  | { readonly kind: 'error'; readonly error: AwsError }
  /** Any bytes at all, such as garbage or a 200 with an error in it. */
  | { readonly kind: 'answer'; readonly response: SandboxResponse }
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** No answer, until the client or the sandbox gives up. */
  | { readonly kind: 'hang' };

/** Undefined: the request is served as usual. */
export type Intercept = (request: InterceptedRequest) => InjectedFault | undefined;
