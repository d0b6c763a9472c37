import { randomUUID } from 'node:crypto';
import { serviceName } from '../../core/arn.ts';
import { conditions } from '../../core/aws-words/conditions.ts';
import { lumped, notAuthorized } from '../../core/aws-words/reasons.ts';
import { defined } from '../../core/values.ts';
import { authorize } from '../../model/policies/authorize.ts';
import type { Question } from '../../model/policies/decision.ts';
import { keyContext } from '../../model/policies/key-context.ts';
import { denialMessage } from '../../model/policies/message.ts';
import { keyUsage } from '../../model/world/key-spec.ts';
import type { Caller, Key, KeyState, World } from '../../model/world/world.ts';
import { recordCall } from '../cloudtrail/record.ts';
import { AwsError, saidBy } from '../wire/operation.ts';
import { type ResolvedKey, resolveKeyId } from './key-id.ts';

/**
 * The operations on one key.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
 */
const keyOperations = {
  GenerateDataKey: { crossAccount: true, requestAlias: true },
  GenerateDataKeyWithoutPlaintext: { crossAccount: true, requestAlias: true },
  Encrypt: { crossAccount: true, requestAlias: true },
  Decrypt: { crossAccount: true, requestAlias: true },
  DescribeKey: { crossAccount: true, requestAlias: true },
  GetKeyPolicy: { crossAccount: false, requestAlias: false },
  ListGrants: { crossAccount: true, requestAlias: false },
} as const;
export type KeyOperation = keyof typeof keyOperations;

const cryptographic: readonly KeyOperation[] = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'Encrypt',
  'Decrypt',
];

export interface KeyRequest<O extends KeyOperation = KeyOperation> {
  readonly caller: Caller;
  readonly requestId: string;
  readonly operation: O;
  /** Key ARN, alias ARN, key ID or alias. */
  readonly keyId: string;
  readonly region: string;
  readonly encryptionContext?: Readonly<Record<string, string>>;
  readonly forwardedBy?: { readonly service: 's3'; readonly region: string };
  readonly dryRun?: boolean;
  /** The request named no key, so it comes from the ciphertext, and KMS's messages mention the ciphertext. */
  readonly fromCiphertext?: boolean;
  /** Details that CloudTrail shows in addition to the key and the encryption context. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly userAgent?: string;
}

/**
 * Runs an operation on a key in KMS's order: find the key, authorize the caller by key policy, identity policies and
 * grants, check the key's state and type, do the work, and only then stop a dry run. CloudTrail records the outcome.
 *
 * @throws AwsError in KMS's own words, always 400
 */
export function withKey<T>(world: World, request: KeyRequest, work: (key: Key) => T): T {
  let resolved: ResolvedKey | undefined;
  try {
    resolved = resolve(world, request);
    const key = authorizedKey(world, request, resolved);
    if (isCryptographic(request.operation)) checkKeyCan(key, request.operation);
    const done = work(key);
    if (request.dryRun) throw dryRunSucceeded();
    record(world, request, resolved);
    return done;
  } catch (error) {
    if (error instanceof AwsError) record(world, request, resolved, error);
    throw error;
  }
}

function resolve(world: World, request: KeyRequest): ResolvedKey {
  const { keyId, region, caller, fromCiphertext } = request;
  try {
    return resolveKeyId(world, { keyId, region, callerAccountId: caller.accountId });
  } catch (error) {
    if (!fromCiphertext || !(error instanceof AwsError)) throw error;
    throw new AwsError('AccessDeniedException', 400, unknownCiphertext(caller));
  }
}

function authorizedKey(world: World, request: KeyRequest, resolved: ResolvedKey): Key {
  const question = questionFor(request, resolved);
  const decision = authorize(world, question);
  if ('found' in resolved && decision.allowed) return resolved.found;
  throw new AwsError('AccessDeniedException', 400, denialMessage(world, question, decision));
}

function questionFor(request: KeyRequest, resolved: ResolvedKey): Question {
  const { caller, operation, region, encryptionContext = {}, forwardedBy } = request;
  const key = 'found' in resolved ? resolved.found : undefined;
  const { crossAccount, requestAlias } = keyOperations[operation];
  const owner = 'found' in resolved ? resolved.found.accountId : resolved.missingIn;
  // A missing key, or one outside the caller's reach, is handled like one whose policy allows nothing.
  const resourcePolicy = crossAccount || owner === caller.accountId ? key?.policy : undefined;
  return {
    caller,
    action: `kms:${operation}`,
    resource: 'found' in resolved ? resolved.found.arn : resolved.arn,
    resourceAccountId: owner,
    ...(resourcePolicy && { resourcePolicy }),
    context: keyContext(key, {
      region,
      encryptionContext,
      isCryptographic: isCryptographic(operation),
      ...(requestAlias && 'found' in resolved && resolved.alias && { alias: resolved.alias }),
    }),
    ...(forwardedBy && { forwardedBy }),
  };
}

function record(world: World, request: KeyRequest, resolved: ResolvedKey | undefined, error?: AwsError): void {
  const { caller, requestId, region, operation, forwardedBy, userAgent } = request;
  const key = resolved && 'found' in resolved ? resolved.found : undefined;
  recordCall(world, {
    caller,
    requestId,
    region,
    eventSource: serviceName('kms'),
    eventName: operation,
    readOnly: true,
    requestParameters: requestParameters(request),
    ...(key && { resource: { type: 'AWS::KMS::Key', arn: key.arn, accountId: key.accountId } }),
    ...defined({ error, forwardedBy, userAgent }),
  });
}

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html and ct-generatedatakey.html */
function requestParameters(request: KeyRequest): Readonly<Record<string, unknown>> {
  const { keyId, encryptionContext = {}, fromCiphertext, operation, parameters, dryRun } = request;
  return {
    ...(!fromCiphertext && { keyId }),
    ...((operation === 'Encrypt' || operation === 'Decrypt') && { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' }),
    ...parameters,
    ...(Object.keys(encryptionContext).length > 0 && { encryptionContext }),
    ...(dryRun && { dryRun }),
  };
}

function isCryptographic(operation: KeyOperation): operation is CryptographicOperation {
  return cryptographic.includes(operation);
}

function dryRunSucceeded(): AwsError {
  return new AwsError(
    'DryRunOperationException',
    400,
    'The request would have succeeded, but the DryRun option is set.',
  );
}

/** For a ciphertext whose key is in another Region or doesn't exist. The message doesn't say which. */
function unknownCiphertext({ arn }: Caller): string {
  return notAuthorized(arn, 'kms:Decrypt', 'the resource associated with this ciphertext', lumped.says);
}

/** The cryptographic operations that S3 and the check use. */
type CryptographicOperation = 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext' | 'Decrypt' | 'Encrypt';

const { keyDisabled, keyInvalidState, keyOfOtherKind } = conditions;

/** The word for the state in KMSInvalidStateException. A disabled key gets a different error. */
const invalidStates: Readonly<Partial<Record<KeyState, string>>> = {
  PendingDeletion: 'pending deletion',
  PendingReplicaDeletion: 'pending replica deletion',
  PendingImport: 'pending import',
  Unavailable: 'unavailable',
  Creating: 'creating',
};

/**
 * An authorized caller still gets an error if the key can't perform the operation.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html; wordings as recorded in
 * test/fixtures/aws-recorded-errors-kms.jsonl
 * @throws AwsError DisabledException, KMSInvalidStateException or InvalidKeyUsageException, all 400
 */
function checkKeyCan(key: Key, operation: CryptographicOperation): void {
  if (key.state === 'Disabled') throw saidBy({ ...keyDisabled.says, message: keyDisabled.says.message(key.arn) });
  const invalid = invalidStates[key.state];
  if (invalid) throw saidBy({ ...keyInvalidState.says, message: keyInvalidState.says.message(key.arn, invalid) });
  if (key.spec === 'SYMMETRIC_DEFAULT') return;
  const { says } = keyOfOtherKind;
  const usage = keyUsage(key);
  const message = operation.startsWith('GenerateDataKey')
    ? says.asymmetric
    : usage === 'ENCRYPT_DECRYPT'
      ? says.ofSpec(key.spec)
      : says.ofUsage(key.arn, usage, operation);
  throw saidBy({ ...says, message });
}

export interface KeyUse extends KeyRequest<CryptographicOperation> {
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/**
 * Uses a key as S3 does for its caller. No data is encrypted, because the sandbox stores objects in plaintext, but KMS
 * checks every permission and CloudTrail records the call.
 *
 * @throws AwsError in KMS's own words, always 400: AccessDeniedException, NotFoundException, DisabledException,
 * KMSInvalidStateException, InvalidKeyUsageException, or DryRunOperationException
 */
export function useKey(world: World, use: KeyUse): Key {
  return withKey(world, use.forwardedBy ? { ...use, ...asS3Sends(use) } : use, (key) => key);
}

/**
 * S3 requests 256-bit data keys. To decrypt one, it sends only the encrypted data key, which identifies its KMS key.
 * Its requests have their own IDs, unrelated to the ID of the caller's request.
 */
function asS3Sends({ operation }: KeyUse): Pick<KeyRequest, 'requestId' | 'parameters' | 'fromCiphertext'> {
  return {
    requestId: randomUUID(),
    ...(operation === 'Decrypt' ? { fromCiphertext: true } : { parameters: { keySpec: 'AES_256' } }),
  };
}
