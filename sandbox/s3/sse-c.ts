import { createHash } from 'node:crypto';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { invalidArgument } from './errors.ts';

const argument = 'x-amz-server-side-encryption';
const prefix = 'x-amz-server-side-encryption-customer-';

/**
 * Whether the request brings its own key. Refuses headers that don't fit together, as S3 does before it looks at
 * whether the bucket takes such uploads.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function bringsOwnKey({ headers }: SandboxRequest): boolean {
  const algorithm = headers[`${prefix}algorithm`];
  const key = headers[`${prefix}key`];
  const md5 = headers[`${prefix}key-md5`];
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
