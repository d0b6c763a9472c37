import { Sha256 } from '@aws-crypto/sha256-js';

export interface GeneratedNames {
  /** @param type a type such as `AWS::S3::Bucket` */
  physicalName(logicalId: string, type: string): string;
  /** The UUID of an AWS::KMS::Key. */
  keyId(logicalId: string): string;
}

/**
 * Names like those that CloudFormation generates (`STACK-LOGICALID`), but without the random suffix, so that the same
 * template has the same names each time it is loaded.
 *
 * @param chosen names that replace generated ones
 */
export function generatedNames(stackName: string, chosen: Partial<GeneratedNames> = {}): GeneratedNames {
  return {
    physicalName(logicalId, type) {
      const name = `${stackName}-${logicalId}`;
      return type.startsWith('AWS::S3::') ? name.toLowerCase() : name;
    },
    keyId(logicalId) {
      const hex = hexDigestOf(`${stackName}/${logicalId}`);
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    },
    ...chosen,
  };
}

/** SHA-256; with a key, the HMAC. */
export function digestOf(text: string, key?: Uint8Array): Uint8Array {
  const hash = new Sha256(key);
  hash.update(text);
  return hash.digestSync();
}

export function hexDigestOf(text: string, key?: Uint8Array): string {
  return Array.from(digestOf(text, key), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
