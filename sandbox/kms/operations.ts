import { randomBytes } from 'node:crypto';
import { accountArn, partitionOf } from '../../core/arn.ts';
import { encryptionAlgorithms, keyOrigin, keyUsage } from '../../model/world/key-spec.ts';
import type { Grant, Key, World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import {
  AwsError,
  numberedPage,
  type SandboxRequest,
  type SandboxResponse,
  type ServiceOperation,
} from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { keyArnOf, keyMaterialId, open, seal, sharesMaterial } from './ciphertext.ts';
import { checkAlgorithm, checkMembers, dataKeyLength, keyIdMember, keyRequest, refuseRecipient } from './input.ts';
import { type KeyRequest, withKey } from './with-key.ts';

/** Keyed by the operation's name in `X-Amz-Target: TrentService.…`. */
export const kmsOperations: Readonly<Record<string, ServiceOperation>> = {
  Decrypt: decrypt,
  DescribeKey: describeKey,
  Encrypt: encrypt,
  GenerateDataKey: newDataKey('GenerateDataKey'),
  GenerateDataKeyWithoutPlaintext: newDataKey('GenerateDataKeyWithoutPlaintext'),
  GetKeyPolicy: getKeyPolicy,
  ListGrants: listGrants,
};

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html */
function encrypt(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const plaintext = input.blob('Plaintext');
  checkMembers({
    ...keyIdMember(input),
    plaintext: [plaintext, { required: true, minLength: 1, maxLength: 4096 }],
  });
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
  checkMembers({ ...keyIdMember(input) });
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
 * The only key policy is called `default`.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 */
function getKeyPolicy(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const policyName = input.string('PolicyName') ?? 'default';
  checkMembers({
    ...keyIdMember(input),
    policyName: [policyName, { minLength: 1, maxLength: 128, pattern: '[\\w]+' }],
  });
  return withKey(world, keyRequest('GetKeyPolicy', request, input), (key) => {
    if (policyName !== 'default') throw new AwsError('NotFoundException', 400, 'No such policy exists');
    return jsonResponse({ Policy: JSON.stringify(key.policy, undefined, 2), PolicyName: policyName });
  });
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html */
function listGrants(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const limit = input.integer('Limit') ?? 50;
  const grantId = input.string('GrantId');
  const grantee = input.string('GranteePrincipal');
  checkMembers({
    limit: [limit, { min: 1, max: 1000 }],
    ...keyIdMember(input),
    grantId: [grantId, { minLength: 1, maxLength: 128 }],
  });
  return withKey(world, keyRequest('ListGrants', request, input), (key) => {
    const wanted = key.grants.filter(
      (grant) =>
        (grantId === undefined || grant.grantId === grantId) &&
        (grantee === undefined || grant.granteePrincipal === grantee),
    );
    const { items, next } = numberedPage(wanted, input.string('Marker'), limit, wrongMarker);
    return jsonResponse({
      Grants: items.map((grant) => described(key, grant)),
      Truncated: next !== undefined,
      NextMarker: next,
    });
  });
}

function described(key: Key, grant: Grant): Readonly<Record<string, unknown>> {
  return {
    KeyId: key.arn,
    GrantId: grant.grantId,
    Name: '',
    GranteePrincipal: grant.granteePrincipal,
    IssuingAccount: accountArn(partitionOf(key.region), key.accountId),
    Operations: grant.operations,
    ...(grant.constraints && { Constraints: grant.constraints }),
  };
}

const wrongMarker = new AwsError(
  'InvalidMarkerException',
  400,
  'The marker that specifies where pagination should next begin is not valid.',
);

/**
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html and
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html
 */
function newDataKey(operation: 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext'): ServiceOperation {
  return (world, request) => {
    const input = JsonInput.of(request);
    const { bytes, parameters } = dataKeyLength(input);
    refuseRecipient(operation, input);
    const context = input.stringMap('EncryptionContext');
    return withKey(world, { ...keyRequest(operation, request, input), parameters }, (key) => {
      const Plaintext = randomBytes(bytes);
      const described = { KeyId: key.arn, KeyMaterialId: keyMaterialId(key) };
      const shown = operation === 'GenerateDataKey' ? { Plaintext } : {};
      return jsonResponse({ CiphertextBlob: seal(key, Plaintext, context), ...described, ...shown });
    });
  };
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
function decrypt(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const ciphertext = input.blob('CiphertextBlob');
  const ignoresCiphertext = ignoreCiphertext(input);
  checkMembers({
    keyId: [input.string('KeyId'), { required: ignoresCiphertext, minLength: 1, maxLength: 2048 }],
    ciphertextBlob: [ciphertext, { required: !ignoresCiphertext, minLength: 1, maxLength: 6144 }],
  });
  checkAlgorithm('Decrypt', input);
  refuseRecipient('Decrypt', input);

  const asked = keyRequest('Decrypt', request, input);
  if (ignoresCiphertext || ciphertext === undefined) return withKey(world, asked, () => jsonResponse({}));
  const context = input.stringMap('EncryptionContext');
  return withKey(world, input.has('KeyId') ? asked : namedByCiphertext(asked, ciphertext), (key) => {
    if (!sharesMaterial(key, keyArnOf(ciphertext))) throw incorrectKey();
    return jsonResponse({
      KeyId: key.arn,
      Plaintext: open(key, ciphertext, context),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: keyMaterialId(key),
    });
  });
}

/** A dry run can check the permission alone, for a caller that has no ciphertext. */
function ignoreCiphertext(input: JsonInput): boolean {
  const modifiers = input.strings('DryRunModifiers');
  const unknown = modifiers.find((modifier) => modifier !== 'IGNORE_CIPHERTEXT');
  if (unknown) throw notImplemented(`the DryRunModifier ${unknown} of Decrypt`);
  return modifiers.length > 0 && input.boolean('DryRun') === true;
}

/** A multi-Region key's ciphertext is decrypted by the related key in the called Region. */
function namedByCiphertext(asked: KeyRequest<'Decrypt'>, ciphertext: Buffer): KeyRequest<'Decrypt'> {
  const arn = keyArnOf(ciphertext);
  const keyId = arn.includes(':key/mrk-') ? arn.replace(/^(arn:[^:]+:kms:)[^:]+/, `$1${asked.region}`) : arn;
  return { ...asked, keyId, fromCiphertext: true };
}

function incorrectKey(): AwsError {
  return new AwsError(
    'IncorrectKeyException',
    400,
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}
