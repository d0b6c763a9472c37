import { element } from '../wire/xml.ts';
import { requestedAlgorithm } from './checksums.ts';
import { descriptionOf } from './description.ts';
import { encryptionHeaders, encryptObject } from './encryption.ts';
import { documentAnswer, type ObjectOperation } from './operation.ts';
import { newUploadId, uploadChecksum, uploadsIn } from './uploads.ts';
import { authorizeWrite, intendedWrite } from './write-object.ts';

/**
 * Everything but the contents is said here, and the data key is made here.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
 */
export const createMultipartUpload: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, caller } = request;
  const write = { ...intendedWrite(request, bucket, key), createsObject: false };
  const description = descriptionOf(headers);
  const algorithm = headers['x-amz-checksum-algorithm'];
  const checksum = uploadChecksum(
    algorithm === undefined ? undefined : requestedAlgorithm(algorithm),
    headers['x-amz-checksum-type'],
  );
  authorizeWrite(world, request, write);
  const encryption = encryptObject(world, request, bucket, key, write.encryption);
  const id = newUploadId();
  uploadsIn(bucket).set(id, {
    id,
    key,
    initiated: world.now(),
    initiator: caller,
    description,
    tags: write.tags ?? {},
    encryption,
    ...(checksum && { checksum }),
    parts: new Map(),
  });
  return documentAnswer(
    'InitiateMultipartUploadResult',
    [element('Bucket', bucket.name), element('Key', key), element('UploadId', id)],
    {
      ...encryptionHeaders(encryption),
      ...(checksum && {
        'x-amz-checksum-algorithm': checksum.algorithm.toUpperCase(),
        'x-amz-checksum-type': checksum.type,
      }),
    },
  );
};
