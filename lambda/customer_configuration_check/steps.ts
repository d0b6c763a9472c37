import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Delivery } from '../../core/delivery/delivery.ts';
import { nothingToCopy, reasonsOfSteps, requestOfStep } from '../../core/delivery/steps.ts';
import { testObjectBody } from '../../core/object-keys.ts';
import type { Operation } from '../../core/permissions.ts';
import type { RequestSummary } from '../../core/report.ts';
import { encryptedWith } from '../../core/s3-headers.ts';
import type { Step } from '../../core/vocabulary.ts';
import type { Aws } from './aws.ts';
import { copied, copyToInbox, internalObject } from './copy-to-inbox.ts';
import { type Failure, isKeyTrouble } from './errors.ts';
import { assumeDeliveryRole, type Session } from './session.ts';

/** The known facts of one check; each step adds to them. */
export interface CheckState {
  readonly delivery: Delivery;
  readonly runId: string;
  /** Absent before the role is assumed, and if the caller's own credentials deliver. */
  readonly session?: Session;
  readonly sessionIsCached?: boolean;
  /** The object to copy, and why it is not the one that put-internal stores. */
  readonly source?: { readonly kmsKeyArn: string; readonly instead?: string };
  /** Why put-internal stored nothing. */
  readonly putFailure?: Failure;
  /** Why there is nothing to copy. */
  readonly sourceMissing?: string;
  /** The encryption of the staged object, according to S3. */
  readonly stored?: Receipt;
  /** The same for the delivered object. */
  readonly receipt?: Receipt;
  /** The last request of a step that sends more than one. */
  readonly operation?: Operation;
  /** The multipart upload that was started, whether or not it was completed. */
  readonly uploadId?: string;
  /** True also if a request to store the test object was never answered. */
  readonly mayHaveWritten?: boolean;
  /** Why no more steps can be tried. */
  readonly halted?: string;
}

interface Receipt {
  readonly algorithm: string | undefined;
  readonly kmsKeyArn: string | undefined;
}

type Addition = Partial<CheckState>;

export interface StepDefinition {
  readonly step: Step;
  /** Its weight when dividing the remaining time. A step without requests needs none. */
  readonly share: number;
  readonly request?: (state: CheckState) => RequestSummary;
  /** Runs before it is known if the step can be tried. Throws the SDK's errors. */
  readonly prepare?: (state: CheckState, aws: Aws, signal: AbortSignal) => Promise<Addition>;
  readonly afterUnprepared?: (failure: Failure, state: CheckState) => Addition;
  /** The reason to skip the step; undefined to run it. */
  readonly skip: (state: CheckState) => string | undefined;
  /**
   * Throws the SDK's errors.
   *
   * @param learn called with each fact as soon as it is known, even if the step then fails
   */
  readonly run?: (
    state: CheckState,
    aws: Aws,
    signal: AbortSignal,
    learn: (known: Addition) => void,
  ) => Promise<Addition>;
  /** Finds a fault even if no request failed. */
  readonly inspect?: (state: CheckState) => string | undefined;
  readonly afterFailure?: (failure: Failure) => Addition;
  /** A remark about the step, whether or not it passed. */
  readonly remark?: (state: CheckState) => string | undefined;
}

export const checkSteps: readonly StepDefinition[] = [
  {
    step: 'assume-delivery-role',
    share: 1,
    request: requestOfStep['assume-delivery-role'],
    skip: ({ delivery }) => (delivery.deliveryRoleArn ? undefined : reasonsOfSteps.noRole),
    run: async ({ delivery, session }, aws, signal) => ({
      session: session ?? (await assumeDeliveryRole(aws, delivery, signal)),
    }),
    afterFailure: () => ({ halted: reasonsOfSteps.notAssumed }),
    remark: ({ sessionIsCached }) =>
      sessionIsCached
        ? 'A session from an earlier check of this customer is still valid; no request was made.'
        : undefined,
  },
  {
    step: 'put-internal',
    share: 1,
    request: requestOfStep['put-internal'],
    skip: ({ halted }) => halted,
    run: async (state, aws, signal) => {
      const { kmsKeyArn } = state.delivery.internal;
      const stored = await putTestObject(state, aws, kmsKeyArn, signal);
      return { stored, source: { kmsKeyArn }, mayHaveWritten: true };
    },
    inspect: ({ delivery, stored }) => encryptionFault('stored', delivery.internal.kmsKeyArn, stored),
    afterFailure: (failure) => ({ putFailure: failure, mayHaveWritten: failure.verdict === 'inconclusive' }),
  },
  {
    step: 'copy-to-inbox',
    share: 2,
    request: requestOfStep['copy-to-inbox'],
    prepare: storeSubstitute,
    afterUnprepared: ({ verdict, error }, { delivery, putFailure }) => ({
      sourceMissing: noObject(
        putFailure,
        `, and storing one under the service's own key ${delivery.internal.serviceKmsKeyArn} failed too: ${error.code}: ${error.message}`,
      ),
      mayHaveWritten: verdict === 'inconclusive',
    }),
    skip: ({ halted, source, sourceMissing }) => halted ?? (source ? undefined : sourceMissing),
    run: async ({ delivery, runId, session }, aws, signal, learn) => {
      const s3 = clientFor(aws, delivery.inbox.region, session);
      if (delivery.kind === 'multipart') {
        const { copyInParts } = await import('./copy-in-parts.ts');
        return { receipt: receiptOf(await copyInParts(delivery, runId, s3, signal, learn)) };
      }
      const answer = await s3.send(new CopyObjectCommand(copyToInbox(delivery, runId)), { abortSignal: signal });
      return { receipt: receiptOf(copied(answer)) };
    },
    remark: ({ source }) => source?.instead,
  },
  {
    step: 'verify-delivery',
    share: 0,
    skip: ({ halted, receipt }) => halted ?? (receipt ? undefined : reasonsOfSteps.nothingDelivered),
    inspect: ({ delivery, receipt }) => encryptionFault('delivered', delivery.inbox.kmsKeyArn, receipt),
  },
  {
    step: 'clean-up',
    share: 1,
    request: requestOfStep['clean-up'],
    skip: ({ halted, mayHaveWritten }) => halted ?? (mayHaveWritten ? undefined : reasonsOfSteps.nothingStored),
    run: cleanUp,
  },
];

function clientFor(aws: Aws, region: string, session: Session | undefined): S3Client {
  return aws.s3(region, session?.credentials);
}

async function putTestObject(
  state: CheckState,
  aws: Aws,
  kmsKeyArn: string,
  abortSignal: AbortSignal,
): Promise<Receipt> {
  const { delivery, runId, session } = state;
  const command = new PutObjectCommand({
    ...internalObject(delivery, runId),
    Body: testObjectBody(delivery.customer, runId),
    ContentType: 'application/json',
    ...encryptedWith(kmsKeyArn),
  });
  return receiptOf(await clientFor(aws, delivery.internal.region, session).send(command, { abortSignal }));
}

function receiptOf(answer: Pick<PutObjectCommandOutput, 'ServerSideEncryption' | 'SSEKMSKeyId'>): Receipt {
  return { algorithm: answer.ServerSideEncryption, kmsKeyArn: answer.SSEKMSKeyId };
}

/**
 * Stores the source with the service's own key, so that a denied put-internal doesn't hide problems of the copy. Runs
 * only if the key or a permission was the problem, because nothing else depends on the key.
 */
async function storeSubstitute(state: CheckState, aws: Aws, signal: AbortSignal): Promise<Addition> {
  const { putFailure, source, delivery } = state;
  if (source || !putFailure) return {};
  const { internal } = delivery;
  if (putFailure.verdict !== 'denied' && !isKeyTrouble(putFailure)) return { sourceMissing: noObject(putFailure, '.') };
  const kmsKeyArn = internal.serviceKmsKeyArn;
  if (!kmsKeyArn) {
    const why = ', and SERVICE_KMS_KEY_ARN names no key to store another one under.';
    return { sourceMissing: noObject(putFailure, why) };
  }
  if (kmsKeyArn === internal.kmsKeyArn) {
    return { sourceMissing: noObject(putFailure, ", and the internal key is already the service's own.") };
  }
  await putTestObject(state, aws, kmsKeyArn, signal);
  const instead = `put-internal stored nothing, so the copied object was stored under the service's own key ${kmsKeyArn}.`;
  return { source: { kmsKeyArn, instead }, mayHaveWritten: true };
}

function noObject(putFailure: Failure | undefined, more: string): string {
  return nothingToCopy(`was answered with ${putFailure?.error.code}${more}`);
}

async function cleanUp(
  { delivery, runId, uploadId, session }: CheckState,
  aws: Aws,
  abortSignal: AbortSignal,
  learn: (known: Addition) => void,
): Promise<Addition> {
  const { internal, inbox } = delivery;
  learn({ operation: 'DeleteObject' });
  const deletion = new DeleteObjectCommand(internalObject(delivery, runId));
  const [deleted, aborted] = await Promise.allSettled([
    clientFor(aws, internal.region, session).send(deletion, { abortSignal }),
    uploadId !== undefined &&
      import('./copy-in-parts.ts').then(({ abortUpload }) =>
        abortUpload(delivery, uploadId, clientFor(aws, inbox.region, session), abortSignal),
      ),
  ]);
  if (deleted.status === 'rejected') throw deleted.reason;
  if (aborted.status === 'fulfilled') return {};
  learn({ operation: 'AbortMultipartUpload' });
  throw aborted.reason;
}

function encryptionFault(
  what: 'stored' | 'delivered',
  asked: string,
  receipt: Receipt | undefined,
): string | undefined {
  if (receipt?.algorithm === 'aws:kms' && receipt.kmsKeyArn === asked) return undefined;
  const found = [receipt?.algorithm ?? 'no encryption', receipt?.kmsKeyArn].filter(Boolean).join(' and the key ');
  return `S3 says that it ${what} the object with ${found}. Asked for was aws:kms and the key ${asked}.`;
}
