import {
  findWhatMovesObjects,
  listingInPlaceOfMissing,
  missingObjectSummary,
} from '../../../core/advice/missing-source.ts';
import { bucketIn } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import type { Diagnosis, Evidence } from '../../../core/report.ts';
import type { ReadText } from './told.ts';

/** Says that nobody refused: there is no layer to name, and no statement to paste. */
export function missingSource(bucket: string | undefined, evidence: readonly Evidence[]): Diagnosis {
  return {
    summary: missingObjectSummary,
    denial: {},
    confidence: 'unknown',
    evidence: [...evidence, { source: 'service-message', detail: listingInPlaceOfMissing }],
    candidates: [],
    remedy: findWhatMovesObjects(bucket),
  };
}

/** The operations that read an object, and need s3:ListBucket for nothing but to be told that it is missing. */
const readings = /\b(?:CopyObject|UploadPartCopy|GetObject|HeadObject)\b/;

/** @returns undefined where the text may be about a listing, or about something else */
export function missingObjectIn(
  { message, operation = message, step }: ReadText,
  { action, resource }: MessageDenial,
  evidence: readonly Evidence[],
): Diagnosis | undefined {
  if (action !== 's3:ListBucket') return undefined;
  const isReading = step === 'copy-to-inbox' || (readings.test(operation) && !/\bListObjects/.test(operation));
  return isReading ? missingSource(bucketIn(resource), evidence) : undefined;
}
