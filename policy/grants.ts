import type { Request } from './request.ts';

/**
 * Grants on a KMS key.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
 */
export interface Grant {
  readonly granteePrincipal: string;
  /** Without `kms:`. */
  readonly operations: readonly string[];
  readonly constraints?: {
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  };
}

const encryptionContext = 'kms:EncryptionContext:';

export function covers(grant: Grant, request: Request): boolean {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = grant.constraints ?? {};
  const sent = Object.entries(request.context).flatMap(([key, value]) =>
    key.startsWith(encryptionContext) && typeof value === 'string'
      ? [[key.slice(encryptionContext.length), value] as const]
      : [],
  );
  const contains = (wanted: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([key, value]) => sent.some(([k, v]) => k === key && v === value));
  return (
    [request.principal, request.role, request.userId?.split(':')[0]].includes(grant.granteePrincipal) &&
    grant.operations.includes(request.action.slice('kms:'.length)) &&
    (equals === undefined || (contains(equals) && sent.length === Object.keys(equals).length)) &&
    (subset === undefined || contains(subset))
  );
}
