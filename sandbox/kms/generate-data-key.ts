import { randomBytes } from 'node:crypto';
import type { Key, World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { keyMaterialId, seal } from './ciphertext.ts';
import { dataKeyLength, keyRequest, refuseRecipient } from './input.ts';
import { withKey } from './with-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
export function generateDataKey(world: World, request: SandboxRequest): SandboxResponse {
  const { plaintext, result } = newDataKey(world, request, 'GenerateDataKey');
  return jsonResponse({ ...result, Plaintext: plaintext });
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html */
export function generateDataKeyWithoutPlaintext(world: World, request: SandboxRequest): SandboxResponse {
  const { result } = newDataKey(world, request, 'GenerateDataKeyWithoutPlaintext');
  return jsonResponse(result);
}

/** A new data key, in the clear and under the KMS key. */
function newDataKey(
  world: World,
  request: SandboxRequest,
  operation: 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext',
): { key: Key; plaintext: Buffer; result: Readonly<Record<string, unknown>> } {
  const input = JsonInput.of(request);
  const { bytes, parameters } = dataKeyLength(input);
  refuseRecipient(operation, input);
  const context = input.stringMap('EncryptionContext');
  return withKey(world, { ...keyRequest(operation, request, input), parameters }, (key) => {
    const plaintext = randomBytes(bytes);
    return {
      key,
      plaintext,
      result: {
        CiphertextBlob: seal(key, plaintext, context),
        KeyId: key.arn,
        KeyMaterialId: keyMaterialId(key),
      },
    };
  });
}
