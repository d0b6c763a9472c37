import { decrypt } from './encryption.ts';
import { checkPartNumber, describe, wantsChecksum } from './get-object.ts';
import { checksumHeaders, readable } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkRead } from './preconditions.ts';
import { byteRange } from './range.ts';

/**
 * KMS is only asked where the checksum is wanted, which is kept encrypted.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const headObject: ObjectOperation = async (world, request, { bucket, key }) => {
  const { headers, query } = request;
  checkPartNumber(request);
  const object = await readable(world, request, { bucket, key, versionId: query.get('versionId') ?? undefined });
  if (wantsChecksum(request)) await decrypt(world, request, bucket, object);
  checkRead(headers, object, world.now());
  const size = object.body.length;
  const range = byteRange(headers['range'], size);
  return {
    status: range ? 206 : 200,
    headers: {
      ...describe(object),
      ...(wantsChecksum(request) && !range && checksumHeaders(object)),
      ...(range && { 'content-range': `bytes ${range.first}-${range.last}/${size}` }),
      'content-length': String(range ? range.last - range.first + 1 : size),
    },
    body: '',
  };
};
