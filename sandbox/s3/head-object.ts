import { decrypt } from './encryption.ts';
import { describe, portionHeaders, wantsChecksum } from './get-object.ts';
import { readable } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkPartNumber, portionOf } from './part-of.ts';
import { checkRead } from './preconditions.ts';

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
  const portion = portionOf(object, request);
  const { first, last } = portion.range;
  return {
    status: portion.isPartial ? 206 : 200,
    headers: {
      ...describe(object),
      ...portionHeaders(object, portion, request),
      'content-length': String(last - first + 1),
    },
    body: '',
  };
};
