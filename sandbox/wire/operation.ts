import type { Caller, World } from '../../model/world/world.ts';
import type { FunctionSettings } from '../lambda-runtime.ts';

/** An authenticated request, after the signature was verified and the body decoded. */
export interface SandboxRequest {
  readonly requestId: string;
  readonly service: Service;
  /** From the credential scope of the signature: the Region that the client meant to talk to. */
  readonly region: string;
  readonly method: string;
  /** The path, still percent-encoded, as it was signed. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded: no aws-chunked framing is left. */
  readonly body: Buffer;
  readonly caller: Caller;
  /** How the deployed function runs; absent where it can't. */
  readonly functionSettings?: () => FunctionSettings;
}

export type Service = 's3' | 'kms' | 'sts' | 'iam' | 'cloudtrail' | 'organizations' | 'lambda' | 'cloudformation';

export interface SandboxResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An error that AWS would answer with. Rendered as XML, JSON or query XML by the protocol of the service. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    /** Further elements beside Code and Message, such as BucketName, in AWS's order. */
    readonly extra: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** An answer in the words of `core/aws-words/conditions.ts`. */
export function saidBy(
  { code, status, message }: { readonly code: string; readonly status: number; readonly message: string },
  extra?: AwsError['extra'],
  headers?: AwsError['headers'],
): AwsError {
  return new AwsError(code, status, message, extra, headers);
}

/** The function with which a service answers a named operation. */
export type ServiceOperation = (world: World, request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;

/**
 * The part of a list that a request asks for, and the token of the next one, which clients can't read.
 *
 * @param token as an earlier answer had it
 * @throws wrong, for a token that no answer had
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
