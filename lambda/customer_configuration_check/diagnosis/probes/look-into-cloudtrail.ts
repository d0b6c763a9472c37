import { nameOfSession, regionIn } from '../../../../core/arn.ts';
import type { MessageDenial } from '../../../../core/aws-words/message.ts';
import { resourceArn } from '../../../../core/delivery/delivery.ts';
import type { Lookup } from '../../../../core/vocabulary.ts';
import { permissionOf } from '../bearing.ts';
import { deliveryEdges } from '../delivery-edges.ts';
import { type DeliveryEdge, type Findings, findings, nothingFound, type ProbedAnswer } from '../findings.ts';
import { lookRepeatedly } from '../look-repeatedly.ts';
import { probe } from '../probe.ts';
import { type RecordedRequest, type RefusedRequest, recordedRequest } from '../recorded-request.ts';
import type { LookupTerms, Situation } from '../situation.ts';
import { contextsOf } from './simulate-delivery.ts';

// Longer than 250 lines: one question, the events that it looks for, and the meaning of each.

/** A permission on a key that KMS may have denied at a step, and how to recognize its events. */
interface Sought {
  readonly edge: DeliveryEdge;
  readonly said: MessageDenial;
  readonly answer: string | undefined;
  readonly principal: string;
  readonly runId: string;
  readonly contexts: readonly string[];
  /** The source of the copy. Once CloudTrail shows that it was decrypted, later events should appear soon. */
  readonly sourceArn: string | undefined;
  readonly terms: LookupTerms;
  /** The S3 permissions that the step needs in addition to the key's. */
  readonly ofS3: readonly DeliveryEdge[];
  /**
   * False if the diagnosis may have repeated the delivery, with or without a Bucket Key, so an event may be from that.
   */
  readonly isOfStepOnly: boolean;
}

interface Seen {
  readonly events: readonly RecordedRequest[];
  /** True if CloudTrail already shows other requests from about the same time. */
  readonly isPast: boolean;
}

interface Item {
  readonly sought: Sought;
  readonly own: RefusedRequest | undefined;
  /** A similar denial that is from an earlier session, or not known to be from this check. */
  readonly other: RefusedRequest | undefined;
  /** True if CloudTrail shows later events and nothing that may be the denial. */
  readonly isAbsent: boolean;
}

/** The maximum age of a denial before the check that is worth mentioning. */
const earlierMs = 3_600_000;
/** AWS denies requests from callers whose clocks differ by more than this. */
const skewMs = 300_000;
/** Events of the same time may not appear at the same time. */
const looksPastIt = 3;

/**
 * Finds KMS's own record of a denial, which only the caller's account gets:
 * https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
export const looksIntoCloudTrail = probe<Sought, Seen, Item>({
  id: 'look-into-cloudtrail',
  asks: "cloudtrail:LookupEvents in the key's Region for the refused request that S3 made to KMS",
  when: 'The event says `"lookupEvents": true`, and KMS refused a step or S3 gave no reason for refusing it. It is asked repeatedly as long as there is time, as CloudTrail lags by minutes. An event is of this check if the session, the key and the encryption context agree and either the access key is that of this check\'s own session or the context is its own test object.',
  as: "the check's role",
  needs: 'cloudtrail:LookupEvents',
  source: 'cloudtrail',
  round: 'last',
  requests: 1,
  questions: soughtIn,
  send: async (sought, clients) => {
    const { principal, terms } = sought;
    const since = new Date(terms.startedAt.getTime() - earlierMs);
    let looksPast = 0;
    const look = async (signal: AbortSignal): Promise<readonly RecordedRequest[]> => {
      const cloudTrail = await clients.cloudTrail(regionIn(sought.edge.resource) ?? '');
      const latest = async (by: 'AccessKeyId' | 'Username', value: string) =>
        (await cloudTrail.latest(by, value, since, signal)).flatMap((json) => recordedRequest(json) ?? []);
      const ofSession = terms.accessKeyId === undefined ? [] : await latest('AccessKeyId', terms.accessKeyId);
      if (ofSession.some((one) => isRefusal(sought, one))) return ofSession;
      // Sessions of earlier checks of the same customer had the same name.
      return [...ofSession, ...(await latest('Username', nameOfSession(principal)))];
    };
    const isEnough = (events: readonly RecordedRequest[]) => {
      if (events.some((one) => isFurther(sought, one))) looksPast += 1;
      return looksPast >= looksPastIt || events.some((one) => isRefusal(sought, one) && isOwn(sought, one));
    };
    const events = await lookRepeatedly(look, isEnough, terms.patienceMs, terms.pausesMs);
    return { events, isPast: looksPast >= looksPastIt };
  },
  items: (sought, reply) => {
    if (!reply.ok) return [];
    const { events, isPast } = reply.answer;
    const refusals = events.filter((one): one is RefusedRequest => isRefusal(sought, one));
    const other = refusals.find((one) => !isOwn(sought, one));
    const mayBeOwn = other !== undefined && isRecent(sought, other);
    return [{ sought, own: refusals.find((one) => isOwn(sought, one)), other, isAbsent: isPast && !mayBeOwn }];
  },
  openTells: { lookups: ['not-asked'] },
  rows: [
    {
      answer: "A refusal of this check, at a step that was answered in KMS's words.",
      means:
        'S3 called KMS with this key and encryption context, which shows whether the bucket has a Bucket Key. CloudTrail has no more than KMS tells the caller, so this does not show which of several causes it is.',
      fits: ({ sought, own }) => own !== undefined && isOfKms(sought.said) && sought.isOfStepOnly,
      tells: (item) => told(item, 'found', answered(item.own, item.sought, 'of this check')),
    },
    {
      answer: 'A refusal of this check, at a step that S3 gave no reason for.',
      means:
        "KMS denied it, and S3 allowed everything else that the step needs, because S3 asks KMS last. KMS's message replaces the step's answer.",
      fits: ({ sought, own }) => own !== undefined && !isOfKms(sought.said) && sought.isOfStepOnly,
      tells: ({ sought, own }) => ({
        ...nothingFound,
        allowed: sought.ofS3,
        lookups: ['found'],
        answers: own ? [inPlaceOfStep(sought, own)] : [],
      }),
    },
    {
      answer: 'Either, after the diagnosis itself has delivered again with one thing changed.',
      means:
        'KMS denied one of these deliveries, maybe not the first. Nothing is concluded, and it does not show whether the bucket has a Bucket Key.',
      fits: ({ sought, own }) => own !== undefined && !sought.isOfStepOnly,
      tells: (item) => told(item, 'found', answered(item.own, item.sought, 'of this check or of its diagnosis')),
    },
    {
      answer: 'Such a refusal of an earlier session, or one that is not known to be this one.',
      means: 'It is mentioned, and proves nothing: policies may have changed since, or the request may be another one.',
      fits: ({ own, other }) => own === undefined && other !== undefined,
      tells: ({ other, sought }) =>
        findings({ facts: [factOf(sought, answered(other, sought, 'which may be of another request'))] }),
    },
    {
      answer: 'That the source was decrypted, and no refusal in three looks after that.',
      means: 'The inbox key is unlikely to have denied it: S3 asks for that key right after the source.',
      fits: ({ own, isAbsent }) => own === undefined && isAbsent,
      tells: ({ sought }) => {
        const detail = `CloudTrail shows that KMS decrypted the source for S3, and no denial of ${sought.edge.action} since this check began.`;
        const on = { ...permissionOf(sought.edge), layer: 'key-policy' } as const;
        return findings({
          facts: [
            factOf(sought, detail),
            { source: 'cloudtrail', detail, step: sought.edge.step, bearing: { on, verdict: 'weakens' } },
          ],
          lookups: ['not-there'],
        });
      },
    },
    {
      answer: 'No refusal that is known to be this one.',
      means: 'CloudTrail lags by minutes: this tells nothing.',
      fits: ({ own, isAbsent }) => own === undefined && !isAbsent,
      tells: (item) =>
        told(
          item,
          'not-yet',
          `CloudTrail does not show a denial of ${item.sought.edge.action} by this check yet. It lags by minutes, so this proves nothing.`,
        ),
    },
  ],
});

/** A step's S3 permissions are checked before its key's, so an answer without a reason may come from KMS. */
function soughtIn({ lookup, open, answerAt, case: input }: Situation): readonly Sought[] {
  const { principal, runId, delivery, fallbackSource } = input;
  if (!lookup || principal === undefined) return [];
  return (['put-internal', 'copy-to-inbox'] as const).flatMap((step) => {
    const said = answerAt(step);
    if (!said || said.wording === 'condition' || !(isOfKms(said) || said.wording === 'opaque')) return [];
    const action = isOfKms(said) ? said.action : 'kms:GenerateDataKey';
    const edge = open.find((one) => one.step === step && one.action === action);
    if (!edge || (action === 'kms:Decrypt' && fallbackSource)) return [];
    // If the caller's own credentials deliver, only the name of the internal object identifies this check.
    if (lookup.accessKeyId === undefined && edge.on === 'inbox-key') return [];
    return {
      edge,
      said,
      answer: input.steps.find((one) => one.step === step)?.error?.message,
      principal,
      runId,
      contexts: contextsOf(edge).filter((context) => context !== undefined),
      sourceArn: step === 'copy-to-inbox' ? resourceArn(delivery, 'internal-object', runId) : undefined,
      terms: lookup,
      ofS3: deliveryEdges(input).filter((one) => one.step === step && one.action.startsWith('s3:')),
      isOfStepOnly: step === 'put-internal' || delivery.diagnosis !== 'full',
    };
  });
}

function isOfKms({ action }: MessageDenial): boolean {
  return action?.startsWith('kms:') === true;
}

/**
 * True if KMS denied this permission to this principal at any time. CloudTrail may omit the parameters of a denied
 * request.
 */
function isRefusal({ edge, principal, contexts }: Sought, one: RecordedRequest): one is RefusedRequest {
  const isUntold = one.keyId === undefined && one.context === undefined;
  return (
    one.error !== undefined &&
    /^AccessDenied/.test(one.error.code) &&
    one.principal === principal &&
    one.action === edge.action &&
    (one.keyId === undefined || one.keyId === edge.resource) &&
    (isUntold || (one.context !== undefined && contexts.includes(one.context)))
  );
}

/** True for an event with the object's context, from a session or under a name that only this check used. */
function isOwn(sought: Sought, one: RecordedRequest): boolean {
  const { terms, runId, principal } = sought;
  if (one.principal !== principal || one.context === undefined || !isRecent(sought, one)) return false;
  const isOfSession = terms.accessKeyId !== undefined && one.accessKeyId === terms.accessKeyId;
  return isOfSession || one.context.includes(runId);
}

function isRecent({ terms: { startedAt } }: Sought, one: RecordedRequest): boolean {
  return one.at.getTime() >= startedAt.getTime() - skewMs;
}

/** True for events that show how far CloudTrail's records reach. */
function isFurther(sought: Sought, one: RecordedRequest): boolean {
  const { said, sourceArn } = sought;
  if (sourceArn === undefined) return false;
  const isOfSource = one.action === 'kms:Decrypt' && one.error === undefined && one.context === sourceArn;
  return said.wording === 'opaque' && isOfSource && isOwn(sought, one);
}

function told({ sought }: Item, lookup: Lookup, detail: string): Findings {
  return findings({ facts: [factOf(sought, detail)], lookups: [lookup] });
}

/** Applies to every explanation of the permission or, if S3 gave no reason, to every explanation of the step. */
function factOf({ edge, said }: Sought, detail: string): Findings['facts'][number] {
  const on = isOfKms(said) ? permissionOf(edge) : {};
  return { source: 'cloudtrail', detail, step: edge.step, bearing: { on, verdict: 'accompanies' } };
}

function inPlaceOfStep(sought: Sought, one: RefusedRequest): ProbedAnswer {
  const tried = shown(one, sought, 'of this check');
  return { step: sought.edge.step, error: one.error, tried, source: 'cloudtrail', isOfStep: sought.edge };
}

function answered(one: RefusedRequest | undefined, sought: Sought, whose: string): string {
  if (!one) return '';
  const { code, message } = one.error;
  const words = message === sought.answer ? 'in the same words' : `${code}${message && `: ${message}`}`;
  return `${shown(one, sought, whose)}. KMS answered ${words}`;
}

function shown({ keyId, context, eventId, at }: RefusedRequest, sought: Sought, whose: string): string {
  const event = `CloudTrail event ${eventId}, ${whose}, ${at.toISOString().replace('.000', '')}`;
  const key = keyId ? ` on ${keyId}` : '';
  const where = context === undefined ? '' : ` with the encryption context ${context}${bucketKey(context, sought)}`;
  return `${event}: S3 asked for ${sought.edge.action}${key}${where}`;
}

/** Explains the context by the bucket's Bucket Key setting, unless the request itself may have set another. */
function bucketKey(context: string, { contexts, isOfStepOnly }: Sought): string {
  if (!isOfStepOnly) return '';
  return context === contexts[0] ? ' (the object, as no Bucket Key is used)' : ' (the bucket, as a Bucket Key is used)';
}
