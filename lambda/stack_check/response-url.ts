import type { StackCheckConfiguration } from './configuration.ts';

type ResponseUrl =
  | { readonly trusted: true; readonly url: URL }
  /** Never includes the URL: anyone with its query can answer on behalf of the stack. */
  | { readonly trusted: false; readonly why: string };

const distrusted = (why: string): ResponseUrl => ({ trusted: false, why });

/**
 * Checks that a request's response goes to CloudFormation's own bucket in the Region, to the object of that stack.
 * Otherwise we would send a request to an address that the customer chooses.
 *
 * The bucket's name contains the Region without hyphens:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html
 * The object's key is the stack's ARN, the logical ID and the ID of the request, as in
 * https://docs.aws.amazon.com/lambda/latest/dg/services-cloudformation.html
 */
export function responseUrl(
  text: string,
  stackId: string,
  { region, urlSuffix }: Pick<StackCheckConfiguration, 'region' | 'urlSuffix'>,
): ResponseUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return distrusted('ResponseURL is not a URL.');
  }
  // Rejects a URL that changes when parsed, because of dots, tabs, backslashes or a default port: only a forger writes
  // such a URL. This also keeps the bytes that were signed.
  if (url.href !== text) return distrusted('ResponseURL is not written as a URL is read.');
  if (url.protocol !== 'https:') return distrusted(`ResponseURL is ${url.protocol} and not https:.`);
  if (url.username || url.password) return distrusted('ResponseURL has a user in it.');
  if (url.port) return distrusted(`ResponseURL has the port ${url.port}.`);
  if (url.hash) return distrusted('ResponseURL has a fragment.');
  if (!hostsOf(region, urlSuffix).includes(url.hostname)) {
    return distrusted(`ResponseURL is on ${url.hostname}, which is not CloudFormation's bucket for ${region}.`);
  }
  const key = decoded(url.pathname.slice(1));
  if (key === undefined) return distrusted('The path of ResponseURL cannot be decoded.');
  if (!key.startsWith(`${stackId}|`)) return distrusted("ResponseURL is another stack's.");
  return { trusted: true, url };
}

/**
 * The hosts of one bucket. All but S3's additional dual-stack host appear in recorded requests.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/dual-stack-endpoints.html
 */
function hostsOf(region: string, urlSuffix: string): readonly string[] {
  const bucket = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;
  const endpoints = [
    `s3.${region}`,
    `s3-${region}`,
    `s3.dualstack.${region}`,
    ...(region === 'us-east-1' ? ['s3'] : []),
  ];
  return endpoints.map((endpoint) => `${bucket}.${endpoint}.${urlSuffix}`);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
