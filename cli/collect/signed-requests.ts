import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { endpointOf } from '../../core/arn.ts';
import type { PublicAccessBlock } from '../../model/world/world.ts';
import { xmlTextsIn } from '../../sandbox/wire/xml.ts';
import { UnusableAnswer } from './read-results.ts';

interface SignedRequest {
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** If absent, the request is a GET. */
  readonly form?: URLSearchParams;
}

/** A request to AWS without a service's client. */
export async function signedFetch({ url, headers, form, service, ...signing }: SignedRequest): Promise<Response> {
  const method = form ? 'POST' : 'GET';
  const signer = new SignatureV4({ ...signing, service, sha256: Sha256, uriEscapePath: service !== 's3' });
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: {},
    headers: {
      host: url.host,
      ...(form && { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
      ...headers,
    },
    ...(form && { body: form.toString() }),
  });
  return fetch(url, { method, headers: signed.headers, body: form?.toString() ?? null });
}

/** An error from AWS, in the format of the SDK's errors: its name is AWS's code. */
class AnsweredError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(xml: string, httpStatusCode: number) {
    const [code = `HTTP ${httpStatusCode}`] = xmlTextsIn(xml, 'Code');
    super(xmlTextsIn(xml, 'Message')[0] ?? code);
    this.name = code;
    this.$metadata = { httpStatusCode };
  }
}

interface Asked extends Pick<SignedRequest, 'region' | 'credentials'> {
  /** @default AWS's endpoint */
  readonly endpoint: string | undefined;
}

/**
 * S3 Block Public Access of a whole account.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 *
 * @throws an error with AWS's code as its name, such as NoSuchPublicAccessBlockConfiguration
 */
export async function accountPublicAccessBlock(
  { endpoint, ...asked }: Asked,
  accountId: string,
): Promise<PublicAccessBlock> {
  const base = endpoint ?? `https://${accountId}.${endpointOf('s3-control', asked.region)}`;
  const url = new URL('/v20180820/configuration/publicAccessBlock', base);
  const response = await signedFetch({ ...asked, service: 's3', url, headers: { 'x-amz-account-id': accountId } });
  const text = await response.text();
  if (!response.ok) throw new AnsweredError(text, response.status);
  const isOn = (setting: string): boolean => xmlTextsIn(text, setting)[0]?.toLowerCase() === 'true';
  return {
    BlockPublicAcls: isOn('BlockPublicAcls'),
    IgnorePublicAcls: isOn('IgnorePublicAcls'),
    BlockPublicPolicy: isOn('BlockPublicPolicy'),
    RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
  };
}

/**
 * Reads all pages about a VPC without EC2's client, which is larger than all others together.
 *
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
 *
 * @throws an error with EC2's code as its name, such as UnauthorizedOperation
 */
export async function pagesOfVpc(
  { endpoint, ...asked }: Asked,
  Action: 'DescribeVpcEndpoints' | 'DescribeRouteTables',
  vpcId: string,
): Promise<readonly XmlElement[]> {
  const url = new URL('/', endpoint ?? `https://${endpointOf('ec2', asked.region)}`);
  const form = new URLSearchParams({
    Action,
    Version: '2016-11-15',
    'Filter.1.Name': 'vpc-id',
    'Filter.1.Value.1': vpcId,
  });
  const found: XmlElement[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    if (token !== '') form.set('NextToken', token);
    const response = await signedFetch({ ...asked, service: 'ec2', url, form });
    const text = await response.text();
    if (!response.ok) throw new AnsweredError(text, response.status);
    const page = readXml(text);
    if (!page) throw new UnusableAnswer(`what answered ${Action} is no XML`);
    found.push(page);
    token = xmlTextAt(page, 'nextToken') || undefined;
  }
  return found;
}

export type XmlElement = string | { readonly [name: string]: XmlElement | readonly XmlElement[] | undefined };

/** EC2's lists are `item` elements of a set. */
const parser = new XMLParser({
  parseTagValue: false,
  ignoreDeclaration: true,
  htmlEntities: true,
  isArray: (name) => name === 'item',
});

/** @returns undefined if the text is not an XML document */
export function readXml(text: string): XmlElement | undefined {
  if (XMLValidator.validate(text) !== true) return undefined;
  const [root] = Object.values(parser.parse(text) as Readonly<Record<string, XmlElement>>);
  return root;
}

export function xmlTextAt(element: XmlElement | undefined, name: string): string | undefined {
  const found = typeof element === 'object' ? element[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

export function itemsOf(element: XmlElement, set: string): readonly XmlElement[] {
  const found = typeof element === 'object' ? element[set] : undefined;
  const items = typeof found === 'object' && 'item' in found ? found['item'] : undefined;
  return Array.isArray(items) ? items : [];
}
