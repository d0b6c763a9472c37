import type { Bucket, World } from '../../model/world/world.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { element, type XmlChild, xmlDocument } from '../wire/xml.ts';

/** An operation on an existing bucket, in the right Region and with the expected owner. */
export type BucketOperation = (
  world: World,
  request: SandboxRequest,
  on: { readonly bucket: Bucket },
) => SandboxResponse;

export type ObjectOperation = (
  world: World,
  request: SandboxRequest,
  on: { readonly bucket: Bucket; readonly key: string },
) => SandboxResponse;

/** An answer of S3 with an XML document as its body and its own headers. */
export function documentAnswer(
  name: string,
  content: XmlChild,
  headers: SandboxResponse['headers'] = {},
): SandboxResponse {
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: xmlDocument(element(name, content, { xmlns })),
  };
}
