import { checkConstraints, type RequestMembers } from '../wire/constraints.ts';
import type { JsonInput } from '../wire/json.ts';
import { AwsError, type SandboxRequest } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import type { KeyOperation, KeyRequest } from './with-key.ts';

/** KMS checks these before it looks up the key. */
export function checkMembers(members: RequestMembers): void {
  checkConstraints('ValidationException', members);
}

export function keyIdMember(input: JsonInput): RequestMembers {
  return { keyId: [input.string('KeyId'), { required: true, minLength: 1, maxLength: 2048 }] };
}

/** The members that all operations on a key have in common, after checking them. */
export function keyRequest<O extends KeyOperation>(
  operation: O,
  { caller, requestId, region, headers }: SandboxRequest,
  input: JsonInput,
): KeyRequest<O> {
  const userAgent = headers['user-agent'];
  const dryRun = input.boolean('DryRun');
  return {
    caller,
    requestId,
    operation,
    keyId: input.string('KeyId') ?? '',
    region,
    encryptionContext: input.stringMap('EncryptionContext'),
    ...(dryRun && { dryRun }),
    ...(userAgent && { userAgent }),
  };
}

/** The sandbox doesn't support Nitro Enclaves. */
export function refuseRecipient(operation: KeyOperation, input: JsonInput): void {
  if (input.has('Recipient')) throw notImplemented(`the parameter Recipient of ${operation}`);
}

/** The sandbox computes only with symmetric keys. */
export function checkAlgorithm(operation: 'Encrypt' | 'Decrypt', input: JsonInput): void {
  const algorithm = input.string('EncryptionAlgorithm') ?? 'SYMMETRIC_DEFAULT';
  if (algorithm !== 'SYMMETRIC_DEFAULT') throw notImplemented(`${operation} with the EncryptionAlgorithm ${algorithm}`);
}

const dataKeySpecs = { AES_256: 32, AES_128: 16 } as const;

/**
 * The length of a data key in bytes, and the request parameter that CloudTrail shows for it.
 *
 * @throws AwsError ValidationException, 400
 */
export function dataKeyLength(input: JsonInput): { bytes: number; parameters: Readonly<Record<string, unknown>> } {
  const numberOfBytes = input.integer('NumberOfBytes');
  const keySpec = input.string('KeySpec');
  checkMembers({
    ...keyIdMember(input),
    numberOfBytes: [numberOfBytes, { min: 1, max: 1024 }],
    keySpec: [keySpec, { oneOf: Object.keys(dataKeySpecs) }],
  });
  if ((numberOfBytes === undefined) === (keySpec === undefined)) {
    throw new AwsError('ValidationException', 400, 'Please specify either number of bytes or key spec.');
  }
  return keySpec === undefined
    ? { bytes: numberOfBytes ?? 0, parameters: { numberOfBytes } }
    : { bytes: dataKeySpecs[keySpec as keyof typeof dataKeySpecs], parameters: { keySpec } };
}
