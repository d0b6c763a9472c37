import { AwsError } from '../wire/operation.ts';
import { verifiedChecksums } from './checksums.ts';
import { descriptionOf } from './description.ts';
import { encryptObject } from './encryption.ts';
import { checksumHeaders, objectHeaders, store } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkWrite } from './preconditions.ts';
import { authorizeWrite, intendedWrite } from './write-object.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, body } = request;
  if (headers['content-length'] === undefined && headers['x-amz-decoded-content-length'] === undefined) {
    throw new AwsError('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  const write = intendedWrite(request, bucket, key);
  const description = descriptionOf(headers);
  const checksums = verifiedChecksums(headers, body);
  authorizeWrite(world, request, write);
  const encryption = encryptObject(world, request, bucket, key, write.encryption);
  checkWrite(headers, key, bucket.objects.get(key));
  const stored = store(world, bucket, {
    key,
    body,
    encryption,
    checksums,
    ...description,
    tags: write.tags ?? {},
  });
  return { status: 200, headers: { ...objectHeaders(stored), ...checksumHeaders(stored.checksums) }, body: '' };
};
