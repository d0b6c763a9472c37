import type { Remedy } from '../report.ts';

/** Where an object that was just stored cannot be found any more, nobody refused anything. */
export const missingObjectSummary =
  'The object to read does not exist: it was moved, deleted or never stored. No policy denied the delivery.';

export const listingInPlaceOfMissing =
  'S3 names s3:ListBucket when an object does not exist and the caller may not list the bucket. ' +
  'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html';

/** Without a statement: permission to list would change the error code and nothing else. */
export function findWhatMovesObjects(bucket: string | undefined): Remedy {
  return {
    side: 'service',
    instruction:
      `Find what removes new objects from ${bucket ?? 'the bucket that is read'} and exempt the reports: usually a malware scan that quarantines objects, ` +
      'a function that an S3 event notification or an EventBridge rule starts, or a sync or lifecycle rule that deletes. ' +
      'If nothing does, check whether a proxy answered the upload in place of S3. Do not add s3:ListBucket: nothing needs it.',
  };
}
