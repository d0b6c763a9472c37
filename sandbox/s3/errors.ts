import { conditions } from '../../core/aws-words/conditions.ts';
import { opaque } from '../../core/aws-words/reasons.ts';
import type { StoredObject } from '../../model/world/world.ts';
import { AwsError, saidBy } from '../wire/operation.ts';

/**
 * S3's own errors. Codes, statuses and texts are recorded from S3, or from
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */

export function noSuchBucket(bucket: string): AwsError {
  return saidBy(conditions.noSuchBucket.says, { BucketName: bucket });
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  return new AwsError('NoSuchVersion', 404, 'The specified version does not exist.', {
    Key: key,
    VersionId: versionId,
  });
}

export function accessDenied(message: string = opaque): AwsError {
  return new AwsError('AccessDenied', 403, message);
}

export function invalidArgument(name: string, message: string, value?: string): AwsError {
  return new AwsError('InvalidArgument', 400, message, {
    ArgumentName: name,
    ...(value !== undefined && { ArgumentValue: value }),
  });
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequest', 400, message);
}

/** S3's answer to a header that the operation doesn't implement. */
export function notImplementedHeader(header: string, more?: string): AwsError {
  return new AwsError('NotImplemented', 501, 'A header you provided implies functionality that is not implemented', {
    Header: header,
    ...(more !== undefined && { additionalMessage: more }),
  });
}

/** @param condition the header as S3 spells it */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });
}

export function notModified({ etag, lastModified }: Pick<StoredObject, 'etag' | 'lastModified'>): AwsError {
  const headers = { etag, 'last-modified': lastModified.toUTCString() };
  return new AwsError('NotModified', 304, 'Not Modified', {}, headers);
}
