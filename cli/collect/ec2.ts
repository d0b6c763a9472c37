import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { endpointOf } from '../../core/arn.ts';
import { UnusableAnswer } from './reading.ts';
import { AnsweredError, childAt, readXml, type XmlElement } from './xml.ts';

interface Settings {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  /** @default AWS's own */
  readonly endpoint?: string;
}

/**
 * The two questions about a VPC, asked without EC2's client, which is larger than all others together.
 *
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
 */
export class Ec2 {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * All of a VPC.
   *
   * @throws an error with EC2's code as its name, such as UnauthorizedOperation
   */
  async ofVpc(action: 'DescribeVpcEndpoints' | 'DescribeRouteTables', vpcId: string): Promise<readonly XmlElement[]> {
    const found: XmlElement[] = [];
    for (let token: string | undefined, more = true; more; ) {
      const page = await this.#ask({
        Action: action,
        Version: '2016-11-15',
        'Filter.1.Name': 'vpc-id',
        'Filter.1.Value.1': vpcId,
        ...(token && { NextToken: token }),
      });
      found.push(page);
      token = childAt(page, 'nextToken')?.text || undefined;
      more = token !== undefined;
    }
    return found;
  }

  async #ask(parameters: Readonly<Record<string, string>>): Promise<XmlElement> {
    const { region, credentials, endpoint } = this.#settings;
    const base = new URL(endpoint ?? `https://${endpointOf('ec2', region)}`);
    const body = new URLSearchParams(parameters).toString();
    const signer = new SignatureV4({ service: 'ec2', region, credentials, sha256: Sha256 });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: base.protocol,
      hostname: base.hostname,
      path: '/',
      query: {},
      headers: { host: base.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
    });
    const response = await fetch(new URL('/', base), { method: 'POST', headers, body });
    const answer = readXml(await response.text());
    if (!response.ok) {
      const error = childAt(answer, 'Errors', 'Error');
      const code = childAt(error, 'Code')?.text ?? `HTTP ${response.status}`;
      throw new AnsweredError(code, childAt(error, 'Message')?.text ?? code, response.status);
    }
    if (!answer) throw new UnusableAnswer(`what answered ${parameters['Action']} is no XML`);
    return answer;
  }
}
