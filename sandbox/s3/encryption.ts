import { createHash } from 'node:crypto';
import { conditions } from '../../core/aws-words/conditions.ts';
import { jsonOrNothing } from '../../core/json.ts';
import {
  type Bucket,
  type DefaultEncryption,
  type Key,
  type StoredObject,
  sseAlgorithms,
  type World,
} from '../../model/world/world.ts';
import { useKey } from '../kms/with-key.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { arnIn } from './address.ts';
import { awsManagedKeyId } from './aws-managed-key.ts';
import { accessDenied, invalidArgument } from './errors.ts';

export type Encryption = StoredObject['encryption'];

export interface WantedEncryption {
  readonly sseAlgorithm: DefaultEncryption['sseAlgorithm'];
  /** As the request or the bucket's configuration writes it; absent for `aws/s3` and for SSE-S3. */
  readonly keyId?: string;
  readonly bucketKeyEnabled: boolean;
  readonly context: Encryption['context'];
}

const argument = 'x-amz-server-side-encryption';

/**
 * The request's headers take precedence over the bucket's default. If the headers don't set the Bucket Key, the
 * bucket's setting applies.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-bucket-key-object.html
 */
export function wantedEncryption({ headers }: SandboxRequest, { defaultEncryption }: Bucket): WantedEncryption {
  const algorithm = headers[argument];
  const keyId = headers[`${argument}-aws-kms-key-id`];
  if (algorithm !== undefined && !isSseAlgorithm(algorithm)) {
    throw invalidArgument(argument, 'The encryption method specified is not supported', algorithm);
  }
  if (keyId !== undefined && !algorithm?.startsWith('aws:kms')) {
    throw invalidArgument(
      argument,
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    );
  }
  const context = additionalContext(headers[`${argument}-context`]);
  const sseAlgorithm = algorithm ?? defaultEncryption.sseAlgorithm;
  if (sseAlgorithm === 'AES256') return { sseAlgorithm, bucketKeyEnabled: false, context: {} };
  const wantedKey = algorithm === undefined ? defaultEncryption.kmsKeyArn : keyId;
  const bucketKey = headers[`${argument}-bucket-key-enabled`];
  return {
    sseAlgorithm,
    ...(wantedKey !== undefined && { keyId: wantedKey }),
    bucketKeyEnabled:
      sseAlgorithm === 'aws:kms' &&
      (bucketKey === undefined ? defaultEncryption.bucketKeyEnabled : bucketKey.toLowerCase() === 'true'),
    context,
  };
}

/** Calls KMS for the data key of a new object. Throws the errors of `throughS3`. */
export function encryptObject(
  world: World,
  request: SandboxRequest,
  bucket: Bucket,
  key: string,
  wanted: WantedEncryption,
): Encryption {
  const { sseAlgorithm, bucketKeyEnabled, context } = wanted;
  if (sseAlgorithm === 'AES256') return { sseAlgorithm, bucketKeyEnabled: false, context };
  const keyId = wanted.keyId ?? awsManagedKeyId(world, request.caller.accountId, bucket.region);
  const used = askKms(world, request, bucket, key, {
    operation: 'GenerateDataKey',
    keyId,
    bucketKeyEnabled,
    context,
  });
  return { sseAlgorithm, kmsKeyArn: used.arn, bucketKeyEnabled, context };
}

/** Calls KMS to decrypt an object's data key. SSE-S3 needs no call. */
export function decryptObject(
  world: World,
  request: SandboxRequest,
  bucket: Bucket,
  { key, encryption }: Pick<StoredObject, 'key' | 'encryption'>,
): void {
  const { kmsKeyArn: keyId, bucketKeyEnabled, context } = encryption;
  if (keyId === undefined) return;
  askKms(world, request, bucket, key, { operation: 'Decrypt', keyId, bucketKeyEnabled, context });
}

export function encryptionHeaders({ sseAlgorithm, kmsKeyArn, bucketKeyEnabled }: Encryption): Record<string, string> {
  return {
    [argument]: sseAlgorithm,
    ...(kmsKeyArn !== undefined && { [`${argument}-aws-kms-key-id`]: kmsKeyArn }),
    ...(bucketKeyEnabled && { [`${argument}-bucket-key-enabled`]: 'true' }),
  };
}

interface KmsCall {
  readonly operation: 'GenerateDataKey' | 'Decrypt';
  readonly keyId: string;
  readonly bucketKeyEnabled: boolean;
  readonly context: Encryption['context'];
}

function askKms(
  world: World,
  { caller, requestId }: SandboxRequest,
  bucket: Bucket,
  key: string,
  { operation, keyId, bucketKeyEnabled, context }: KmsCall,
): Key {
  if (!world.network.secureTransport) {
    throw invalidArgument(argument, conditions.plainHttp.says.message);
  }
  try {
    return useKey(world, {
      caller,
      requestId,
      operation,
      keyId,
      region: bucket.region,
      encryptionContext: { ...context, 'aws:s3:arn': arnIn(bucket, bucketKeyEnabled ? undefined : key) },
      forwardedBy: { service: 's3', region: bucket.region },
    });
  } catch (error) {
    throw error instanceof AwsError ? throughS3(error) : error;
  }
}

/**
 * S3 turns a denial by KMS into its own AccessDenied with KMS's text. Other KMS errors keep their name after `KMS.`.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
 */
function throughS3(error: AwsError): AwsError {
  return error.code === 'AccessDeniedException'
    ? accessDenied(error.message)
    : new AwsError(`KMS.${error.code}`, 400, error.message);
}

function isSseAlgorithm(name: string): name is DefaultEncryption['sseAlgorithm'] {
  return sseAlgorithms.some((one) => one === name);
}

function additionalContext(header: string | undefined): Encryption['context'] {
  if (header === undefined) return {};
  const parsed = jsonOrNothing(Buffer.from(header, 'base64').toString());
  if (!isStringMap(parsed)) {
    throw invalidArgument(
      `${argument}-context`,
      "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
      header,
    );
  }
  return parsed;
}

function isStringMap(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}

const ofOwnKey = `${argument}-customer-`;

/**
 * True if the request brings its own key (SSE-C). Rejects headers that don't fit together, as S3 does before it checks
 * whether the bucket accepts such uploads.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function bringsOwnKey({ headers }: SandboxRequest): boolean {
  const algorithm = headers[`${ofOwnKey}algorithm`];
  const key = headers[`${ofOwnKey}key`];
  const md5 = headers[`${ofOwnKey}key-md5`];
  if (algorithm === undefined && key === undefined && md5 === undefined) return false;
  const sse = headers[argument];
  if (sse !== undefined) {
    throw invalidArgument(
      argument,
      'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
      sse,
    );
  }
  if (algorithm === undefined) {
    throw invalidArgument(
      argument,
      'Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.',
    );
  }
  if (algorithm !== 'AES256') {
    throw new AwsError(
      'InvalidEncryptionAlgorithmError',
      400,
      'The Encryption request you specified is not valid. Supported value: AES256.',
      { ArgumentName: argument, ArgumentValue: algorithm },
    );
  }
  if (key === undefined) {
    throw invalidArgument(
      argument,
      'Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.',
    );
  }
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 32) throw invalidArgument(argument, 'The secret key was invalid for the specified algorithm.');
  if (createHash('md5').update(bytes).digest('base64') !== md5) {
    throw invalidArgument(argument, 'The calculated MD5 hash of the key did not match the hash that was provided.');
  }
  return true;
}
