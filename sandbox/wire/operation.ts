import type { Caller, World } from '../../model/world/world.ts';
import type { FunctionSettings } from '../lambda-runtime.ts';

/** An authenticated request, with its signature verified and its body decoded. */
export interface SandboxRequest {
  readonly requestId: string;
  readonly service: Service;
  /** From the credential scope of the signature: the Region that the client called. */
  readonly region: string;
  readonly method: string;
  /** The path as signed, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded, without aws-chunked framing. */
  readonly body: Buffer;
  readonly caller: Caller;
  /** Settings of the deployed function; absent if it can't be invoked. */
  readonly functionSettings?: () => FunctionSettings;
}

export type Service = 's3' | 'kms' | 'sts' | 'iam' | 'cloudtrail' | 'organizations' | 'lambda' | 'cloudformation';

export interface SandboxResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An error that AWS returns. The service's protocol renders it as XML, JSON or query XML. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    /** Elements after Code and Message, such as BucketName, in AWS's order. */
    readonly extra: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** An error in the words of `core/aws-words/conditions.ts`. */
export function saidBy(
  { code, status, message }: { readonly code: string; readonly status: number; readonly message: string },
  extra?: AwsError['extra'],
  headers?: AwsError['headers'],
): AwsError {
  return new AwsError(code, status, message, extra, headers);
}

/** Handles an operation of a service. */
export type ServiceOperation = (world: World, request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;

/**
 * A page of a list, and an opaque token for the next page.
 *
 * @param token from an earlier answer
 * @throws wrong, for a token that was never in an answer
 */
export function numberedPage<T>(
  all: readonly T[],
  token: string | undefined,
  most: number,
  wrong: AwsError,
): { readonly items: readonly T[]; readonly next?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || (token !== undefined && start < 1)) throw wrong;
  const end = start + most;
  return {
    items: all.slice(start, end),
    ...(end < all.length && { next: Buffer.from(String(end)).toString('base64') }),
  };
}
