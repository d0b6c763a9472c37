import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { endpointOf } from '../../core/arn.ts';
import type { PublicAccessBlock } from '../../model/world/world.ts';
import { AnsweredError } from './xml.ts';

interface Settings {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  /** @default AWS's own, for the account */
  readonly endpoint?: string;
}

/**
 * S3 Block Public Access of a whole account. It is the one question to S3 Control, so it is asked without that service's
 * client.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export class AccountPublicAccessBlock {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws an error with AWS's code as its name, such as NoSuchPublicAccessBlockConfiguration */
  async get(accountId: string): Promise<PublicAccessBlock> {
    const { region, credentials, endpoint } = this.#settings;
    const base = new URL(endpoint ?? `https://${accountId}.${endpointOf('s3-control', region)}`);
    const path = '/v20180820/configuration/publicAccessBlock';
    const signer = new SignatureV4({ service: 's3', region, credentials, sha256: Sha256, uriEscapePath: false });
    const { headers } = await signer.sign({
      method: 'GET',
      protocol: base.protocol,
      hostname: base.hostname,
      path,
      query: {},
      headers: { host: base.host, 'x-amz-account-id': accountId },
    });
    const response = await fetch(new URL(path, base), { headers });
    const text = await response.text();
    if (!response.ok) {
      const code = textOf(text, 'Code') ?? `HTTP ${response.status}`;
      throw new AnsweredError(code, textOf(text, 'Message') ?? code, response.status);
    }
    const isOn = (setting: string): boolean => textOf(text, setting)?.toLowerCase() === 'true';
    return {
      BlockPublicAcls: isOn('BlockPublicAcls'),
      IgnorePublicAcls: isOn('IgnorePublicAcls'),
      BlockPublicPolicy: isOn('BlockPublicPolicy'),
      RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
    };
  }
}

/** The answer is flat: each element occurs once and holds text alone. */
function textOf(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}
