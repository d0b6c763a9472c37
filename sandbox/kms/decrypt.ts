import type { World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { keyArnOf, keyMaterialId, open, sharesMaterial } from './ciphertext.ts';
import { checkAlgorithm, checkMembers, keyRequest, refuseRecipient } from './input.ts';
import { type KeyRequest, withKey } from './with-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html */
export function decrypt(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const ciphertext = input.blob('CiphertextBlob');
  const ignoresCiphertext = ignoreCiphertext(input);
  checkMembers([
    {
      name: 'keyId',
      value: input.string('KeyId'),
      constraint: { required: ignoresCiphertext, minLength: 1, maxLength: 2048 },
    },
    {
      name: 'ciphertextBlob',
      value: ciphertext,
      constraint: { required: !ignoresCiphertext, minLength: 1, maxLength: 6144 },
    },
  ]);
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

/** A dry run may ask for the permission alone, of a caller that holds no ciphertext. */
function ignoreCiphertext(input: JsonInput): boolean {
  const modifiers = input.strings('DryRunModifiers');
  const unknown = modifiers.find((modifier) => modifier !== 'IGNORE_CIPHERTEXT');
  if (unknown) throw notImplemented(`the DryRunModifier ${unknown} of Decrypt`);
  return modifiers.length > 0 && input.boolean('DryRun') === true;
}

/** A multi-Region key's ciphertext is opened by the related key of the Region that is asked. */
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
