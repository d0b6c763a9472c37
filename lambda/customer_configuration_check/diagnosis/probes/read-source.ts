import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { type MessageDenial, readError } from '../../../../core/aws-words/message.ts';
import { internalObject } from '../../copy-to-inbox.ts';
import { allowedFact } from '../bearing.ts';
import { edgeOf } from '../delivery-edges.ts';
import { type DeliveryEdge, evidenceAlone, type Findings, findings } from '../findings.ts';
import { type Probe, probe, type Reply } from '../probe.ts';
import type { Situation } from '../situation.ts';

interface Reading {
  readonly object: ReturnType<typeof internalObject>;
  readonly region: string;
  /** False if the copy runs in another Region than this request. */
  readonly isInRegionOfCopy: boolean;
  /** False if AWS's answer to the copy is unknown. */
  readonly wasCopied: boolean;
  /** s3:GetObject on the object; absent if known to be allowed. */
  readonly read: DeliveryEdge | undefined;
  /** kms:Decrypt with the key that encrypts the object; absent if the object is a substitute with another key. */
  readonly decrypt: DeliveryEdge | undefined;
}

interface Item {
  readonly reading: Reading;
  readonly reply: Reply<unknown>;
  readonly said: MessageDenial | undefined;
}

const base: Pick<Probe<Reading, unknown, Item>, 'as' | 'source' | 'requests' | 'items'> = {
  as: 'the delivery role',
  source: 'probe',
  requests: 1,
  items: (reading, reply) => [{ reading, reply, said: reply.ok ? undefined : saidBy(reply) }],
};

/** Tests the source of the copy alone. It involves KMS, but not the destination. */
export const readsSource = probe<Reading, unknown, Item>({
  ...base,
  id: 'read-source',
  asks: "s3 GetObject of the source's first byte",
  when: 'The copy did not pass.',
  needs: 's3:GetObject on the internal object',
  round: 1,
  questions: readingsIn,
  send: async ({ object, region }, clients, abortSignal) => {
    const command = new GetObjectCommand({ ...object, Range: 'bytes=0-0' });
    const { Body } = await clients.s3(region).send(command, { abortSignal });
    // An unread body would keep its connection open.
    await Body?.transformToByteArray();
  },
  rows: [
    {
      answer: 'The byte.',
      means:
        "The source can be read and decrypted, so the copy was denied on the inbox's side. If the copy goes to another Region, it reads from there, which a policy may check, so this is only likely.",
      fits: ({ reply }) => reply.ok,
      tells: ({ reading }) =>
        permitted(reading, [reading.read, reading.decrypt], 'The first byte of the source can be read.'),
    },
    {
      answer: 'Refused, with words about KMS.',
      means: "S3 lets the role read; the source's key is what refuses. Read like a step's answer: a fault of its own.",
      fits: ({ said }) => said?.action?.startsWith('kms:') === true || said?.subject === 'key',
      tells: (item) => ({
        ...permitted(item.reading, [item.reading.read], 'S3 allows the role to read the source, and asks KMS.'),
        answers: answered(item),
      }),
    },
    {
      answer: 'Refused, with words about s3:GetObject.',
      means:
        "The role may not read the source. Read like a step's answer: a fault of its own, and only a likely one where the copy is to another Region.",
      fits: ({ said, reading }) => said?.action === 's3:GetObject' && !isToldByCopy(reading),
      tells: (item) => findings({ answers: answered(item) }),
    },
    {
      answer: 'The same, of a copy to another Region, which was answered otherwise.',
      means: 'Nothing: for a bucket of the own account S3 would have given this reason to the copy as well.',
      fits: ({ said, reading }) => said?.action === 's3:GetObject' && isToldByCopy(reading),
      tells: ({ reading }) => {
        const detail = `Reading the source is denied in ${reading.region}, from where the copy does not read it.`;
        return evidenceAlone('probe', detail, 'copy-to-inbox');
      },
    },
    {
      answer: 'No such object, or refused with words about s3:ListBucket.',
      means: 'The role may read: S3 looks whether an object is there only after that.',
      fits: ({ said, reply }) =>
        said?.action === 's3:ListBucket' || (!reply.ok && reply.failure.error.code === 'NoSuchKey'),
      tells: ({ reading }) =>
        permitted(reading, [reading.read], 'S3 allows the role to read below the internal prefix.'),
    },
    {
      answer: 'No such bucket, or a bucket in another Region.',
      means: 'Nothing more than the step that stores the object has met.',
      fits: ({ said }) => said?.wording === 'condition' && said.subject === 'bucket',
      tells: ({ reply }) => {
        const detail = reply.ok ? '' : `Reading the source gets ${reply.failure.error.code}.`;
        return evidenceAlone('probe', detail);
      },
    },
    {
      answer: 'Bare “Access Denied”.',
      means: "For a bucket of the own account S3 gives reasons, unless it is not the expected owner's.",
      fits: ({ said }) => said?.wording === 'opaque',
      tells: (item) => findings({ answers: answered(item) }),
    },
  ],
});

/** A HEAD answer has no message, but the request doesn't involve KMS. */
export const looksAtSource = probe<Reading, unknown, Item>({
  ...base,
  id: 'look-at-source',
  asks: 's3 HeadObject of the source',
  when: "S3 gave no reason for denying the source's first byte.",
  needs: 's3:GetObject on the internal object',
  round: 2,
  questions: (situation) => {
    const isOpaque = situation.known.answers.some(({ error }) => readError(error).wording === 'opaque');
    return isOpaque ? readingsIn(situation) : [];
  },
  send: ({ object, region }, clients, abortSignal) =>
    clients.s3(region).send(new HeadObjectCommand(object), { abortSignal }),
  rows: [
    {
      answer: 'The headers.',
      means: 'S3 lets the role read, so it is KMS that refuses the source.',
      fits: ({ reply }) => reply.ok,
      tells: ({ reading }) => permitted(reading, [reading.read], 'HeadObject finds the source, without KMS.'),
    },
    {
      answer: '404.',
      means: 'The object is gone: nothing is concluded about who may read it.',
      fits: ({ reply }) => !reply.ok && reply.failure.error.httpStatus === 404,
      tells: () => evidenceAlone('probe', 'HeadObject no longer finds the source.'),
    },
    {
      answer: '403, which has no words.',
      means: 'The bucket refuses, with or without KMS; nothing more is concluded.',
      fits: ({ reply }) => !reply.ok && reply.failure.error.httpStatus === 403,
      tells: () => evidenceAlone('probe', 'HeadObject of the source, which needs no KMS, is also denied.'),
    },
  ],
});

/** Returns one or none. */
function readingsIn(situation: Situation): readonly Reading[] {
  const { delivery, runId, fallbackSource } = situation.case;
  const { region } = delivery.internal;
  const read = edgeOf(situation.open, 'copy-to-inbox', 's3:GetObject');
  const decrypt = edgeOf(situation.open, 'copy-to-inbox', 'kms:Decrypt', 'internal-key');
  const canTell = read !== undefined || (decrypt !== undefined && situation.hasSource && fallbackSource === undefined);
  if (!canTell || situation.answerAt('assume-delivery-role')) return [];
  return [
    {
      object: internalObject(delivery, runId),
      region,
      isInRegionOfCopy: delivery.inbox.region === region,
      wasCopied: situation.answerAt('copy-to-inbox') !== undefined,
      read,
      decrypt: fallbackSource === undefined ? decrypt : undefined,
    },
  ];
}

/** True if the copy's own answer shows more about the source, because it was sent to another Region. */
function isToldByCopy({ isInRegionOfCopy, wasCopied }: Reading): boolean {
  return !isInRegionOfCopy && wasCopied;
}

/** The copy calls S3 in the inbox's Region. Like this request, it calls KMS in the source's Region. */
function permitted(
  { isInRegionOfCopy }: Reading,
  edges: readonly (DeliveryEdge | undefined)[],
  detail: string,
): Findings {
  const seen = edges.filter((edge) => edge !== undefined);
  const isAsForCopy = ({ action }: DeliveryEdge) => isInRegionOfCopy || !action.startsWith('s3:');
  return findings({
    allowed: seen.filter(isAsForCopy),
    facts: seen.map((edge) => allowedFact(edge, 'probe', detail, isAsForCopy(edge) ? 'excludes' : 'weakens')),
  });
}

function saidBy({ failure }: Extract<Reply<unknown>, { ok: false }>): MessageDenial | undefined {
  const { verdict, error } = failure;
  return verdict === 'inconclusive' ? undefined : readError(error);
}

function answered({ reading, reply, said }: Item): Findings['answers'] {
  if (reply.ok) return [];
  const isElsewhere = !reading.isInRegionOfCopy && !said?.action?.startsWith('kms:');
  const { Bucket: bucket, Key: key } = reading.object;
  return [
    {
      step: 'copy-to-inbox',
      error: reply.failure.error,
      request: { operation: 'GetObject', bucket, key, region: reading.region },
      tried: 'Reading the first byte of the source',
      ...(isElsewhere && { isElsewhere }),
    },
  ];
}
