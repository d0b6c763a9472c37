import type { World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { seal } from './ciphertext.ts';
import { checkAlgorithm, checkMembers, keyIdMember, keyRequest } from './input.ts';
import { withKey } from './with-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
export async function encrypt(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const input = JsonInput.of(request);
  const plaintext = input.blob('Plaintext');
  checkMembers([
    keyIdMember(input),
    { name: 'plaintext', value: plaintext, constraint: { required: true, minLength: 1, maxLength: 4096 } },
  ]);
  checkAlgorithm('Encrypt', input);
  const context = input.stringMap('EncryptionContext');
  return withKey(world, keyRequest('Encrypt', request, input), (key) =>
    jsonResponse({
      CiphertextBlob: seal(key, plaintext ?? Buffer.alloc(0), context),
      KeyId: key.arn,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    }),
  );
}
