import { encryptionAlgorithms, keyOrigin, keyUsage } from '../../model/world/key-spec.ts';
import type { Key, World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { keyMaterialId } from './ciphertext.ts';
import { checkMembers, keyIdMember, keyRequest } from './input.ts';
import { withKey } from './with-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html */
export async function describeKey(world: World, request: SandboxRequest): Promise<SandboxResponse> {
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
