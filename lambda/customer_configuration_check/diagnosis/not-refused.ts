import { bucketIn } from '../../../core/arn.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { resourceArn } from '../../../core/delivery/delivery.ts';
import type { Diagnosis, Evidence, Remedy, StepResult } from '../../../core/report.ts';
import type { ReadText } from './failure-in-text.ts';
import type { DiagnosisCase } from './findings.ts';

/** Used if an object that was just stored is gone; nothing was denied. */
const missingObjectSummary =
  'The object to read does not exist: it was moved, deleted or never stored. No policy denied the delivery.';

export const listingInPlaceOfMissing =
  'S3 names s3:ListBucket when an object does not exist and the caller may not list the bucket. ' +
  'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html';

/** Proposes no statement: permission to list would only change the error code. */
function findWhatMovesObjects(bucket: string | undefined): Remedy {
  return {
    side: 'service',
    instruction:
      `Find what removes new objects from ${bucket ?? 'the bucket that is read'} and exempt the reports: usually a malware scan that quarantines objects, ` +
      'a function that an S3 event notification or an EventBridge rule starts, or a sync or lifecycle rule that deletes. ' +
      'If nothing does, check whether a proxy answered the upload in place of S3. Do not add s3:ListBucket: nothing needs it.',
  };
}

/** A fault without a denial, so there is no layer to name and no statement to paste. */
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

/** Operations that read an object, and need s3:ListBucket only to find out that it is missing. */
const readings = /\b(?:CopyObject|UploadPartCopy|GetObject|HeadObject)\b/;

/** @returns undefined if the text may be about a listing or something else */
export function missingObjectIn(
  { message, operation = message, step }: ReadText,
  { action, resource }: MessageDenial,
  evidence: readonly Evidence[],
): Diagnosis | undefined {
  if (action !== 's3:ListBucket') return undefined;
  const isReading = step === 'copy-to-inbox' || (readings.test(operation) && !/\bListObjects/.test(operation));
  return isReading ? missingSource(bucketIn(resource), evidence) : undefined;
}

/** S3's codes for unknown credentials. In a Region that their account has not enabled, S3 knows no credentials. */
const unknownCredentials: readonly string[] = ['InvalidToken', 'InvalidAccessKeyId'];

/**
 * Used if S3 in the inbox's Region doesn't know the session that has just stored the object.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html,
 * https://github.com/aws/aws-cli/issues/8413
 *
 * @returns undefined if something else may be wrong with the credentials
 */
export function regionNotEnabled(
  { delivery: { inbox, internal }, steps }: DiagnosisCase,
  { step, error }: StepResult,
  evidence: readonly Evidence[],
): Diagnosis | undefined {
  if (step !== 'copy-to-inbox' || !unknownCredentials.includes(error?.code ?? '')) return undefined;
  const isKnownAtHome = steps.some((one) => one.step === 'put-internal' && one.status === 'passed');
  if (inbox.region === internal.region || !isKnownAtHome) return undefined;
  const { accountId } = internal;
  return {
    step,
    summary: `Most likely, account ${accountId} of the service has not enabled the Region of the inbox, ${inbox.region}: S3 does not know the role's credentials there. No policy denied the delivery.`,
    denial: { side: 'service', accountId },
    confidence: 'inferred',
    evidence: [
      ...evidence,
      { source: 'service-message', detail: `The same credentials stored the test object in ${internal.region}.` },
    ],
    candidates: [],
    remedy: {
      side: 'service',
      accountId,
      instruction:
        `Enable the Region in account ${accountId} (\`aws account enable-region --region-name ${inbox.region}\`, which takes minutes to hours). ` +
        `If \`aws account get-region-opt-status --region-name ${inbox.region}\` says that it is enabled, the session is valid only in default Regions: ` +
        "use the Regional endpoint of STS, or set the account's global endpoint to version 2 tokens (`aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token`).",
    },
  };
}

/** S3 stored the object with another encryption than requested. No policy is at fault. */
export function otherEncryption(
  { delivery: { inbox, internal }, delivery, runId, principal }: DiagnosisCase,
  { step, reason }: StepResult,
): Diagnosis {
  const isInbox = step === 'verify-delivery';
  const resource = resourceArn(delivery, isInbox ? 'inbox-object' : 'internal-object', runId);
  const { bucket, accountId, kmsKeyArn } = isInbox ? inbox : internal;
  const side = isInbox ? 'customer' : 'service';
  const correct = isInbox
    ? 'if the key has been replaced, send the service a new test event.'
    : 'if the key has been replaced, correct internal.kmsKeyArn in it.';
  return {
    step,
    summary: `The test object was ${isInbox ? 'delivered' : 'stored'}, but not encrypted as it must be${reason ? `: ${reason}` : '.'}`,
    denial: { ...(principal && { principal }), ...(resource && { resource }), side, accountId },
    confidence: 'unknown',
    evidence: [{ source: 'service-message', detail: reason ?? "S3's answer names another encryption." }],
    candidates: [],
    remedy: {
      side,
      accountId,
      target: bucket,
      instruction: `Confirm which KMS key reports in ${bucket} must be encrypted with. The test event names ${kmsKeyArn}: ${correct}`,
    },
  };
}
