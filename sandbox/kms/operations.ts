import { encryptionAlgorithms, keyOrigin, keyUsage } from '../../model/world/key-spec.ts';
import type { Key, World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse, type ServiceOperation } from '../wire/operation.ts';
import { keyMaterialId, seal } from './ciphertext.ts';
import { decrypt } from './decrypt.ts';
import { generateDataKey, generateDataKeyWithoutPlaintext } from './generate-data-key.ts';
import { checkAlgorithm, checkMembers, keyIdMember, keyRequest } from './input.ts';
import { listGrants } from './list-grants.ts';
import { withKey } from './with-key.ts';

/** By the operation's name in `X-Amz-Target: TrentService.…`. */
export const kmsOperations: Readonly<Record<string, ServiceOperation>> = {
  Decrypt: decrypt,
  DescribeKey: describeKey,
  Encrypt: encrypt,
  GenerateDataKey: generateDataKey,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
  GetKeyPolicy: getKeyPolicy,
  ListGrants: listGrants,
};

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
function encrypt(world: World, request: SandboxRequest): SandboxResponse {
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

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
function describeKey(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  checkMembers([keyIdMember(input)]);
  return withKey(world, keyRequest('DescribeKey', request, input), (key) =>
    jsonResponse({ KeyMetadata: metadata(key) }),
  );
}

function metadata(key: Key): Readonly<Record<string, unknown>> {
  const usage = keyUsage(key);
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: key.arn,
    Enabled: key.state === 'Enabled',
    Description: '',
    KeyUsage: usage,
    KeyState: key.state,
    Origin: keyOrigin(key),
    KeyManager: key.aliases.some((alias) => alias.startsWith('alias/aws/')) ? 'AWS' : 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...(usage === 'ENCRYPT_DECRYPT' && { EncryptionAlgorithms: encryptionAlgorithms(key) }),
    MultiRegion: key.multiRegion,
    ...(key.spec === 'SYMMETRIC_DEFAULT' && { CurrentKeyMaterialId: keyMaterialId(key) }),
  };
}

/**
 * The only key policy that there is is called `default`.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 */
function getKeyPolicy(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const policyName = input.string('PolicyName') ?? 'default';
  checkMembers([
    keyIdMember(input),
    { name: 'policyName', value: policyName, constraint: { minLength: 1, maxLength: 128, pattern: '[\\w]+' } },
  ]);
  return withKey(world, keyRequest('GetKeyPolicy', request, input), (key) => {
    if (policyName !== 'default') throw new AwsError('NotFoundException', 400, 'No such policy exists');
    return jsonResponse({ Policy: JSON.stringify(key.policy, undefined, 2), PolicyName: policyName });
  });
}
