import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { regionIn } from '../../../../core/arn.ts';
import type { MessageDenial } from '../../../../core/aws-words/message.ts';
import type { Delivery } from '../../../../core/delivery/delivery.ts';
import { encryptedWith } from '../../../../core/s3-headers.ts';
import { copied, internalObject, sourceOf } from '../../copy-to-inbox.ts';
import { bearingOnKey } from '../bearing.ts';
import { type DeliveryEdge, evidenceAlone, findings } from '../findings.ts';
import { probe, saidIn } from '../probe.ts';

interface Swap {
  readonly edge: DeliveryEdge;
  readonly delivery: Delivery;
  readonly runId: string;
}

/**
 * The same copy with one difference: it stays in the internal bucket. If staged objects use the customer's key,
 * put-internal has already tested this; if put-internal failed, the substitute with the service's own key changes the
 * key instead.
 */
export const copiesWithin = probe<Swap, 'copied', { swap: Swap; code: string; said: MessageDenial | undefined }>({
  id: 'copy-within',
  asks: "s3 CopyObject of the source within the internal bucket, encrypted with the inbox's key",
  when: "KMS denied the inbox's key, and this check has encrypted nothing with it.",
  as: 'the delivery role',
  needs: 's3:PutObject on the internal test object',
  source: 'probe',
  round: 1,
  requests: 2,
  questions: ({ answerAt, open, hasSource, case: { delivery, runId } }) => {
    const said = answerAt('copy-to-inbox');
    const edge = open.find(({ on }) => on === 'inbox-key');
    const isNew = delivery.internal.kmsKeyArn !== delivery.inbox.kmsKeyArn;
    const isHere = regionIn(delivery.inbox.kmsKeyArn) === delivery.internal.region;
    return edge && hasSource && isNew && isHere && said?.action === 'kms:GenerateDataKey'
      ? [{ edge, delivery, runId }]
      : [];
  },
  send: async ({ delivery, runId }, clients, abortSignal) => {
    const s3 = clients.s3(delivery.internal.region);
    const here = internalObject(delivery, `${runId}-swap`);
    const copy = { ...here, ...sourceOf(delivery, runId), ...encryptedWith(delivery.inbox.kmsKeyArn) };
    try {
      copied(await s3.send(new CopyObjectCommand(copy), { abortSignal }));
    } catch (error) {
      if (wasRefused(error)) throw error;
      // It is unknown if the object was written.
      await s3.send(new DeleteObjectCommand(here), { abortSignal }).catch(() => {});
      throw error;
    }
    // The bucket's lifecycle rule expires leftovers within a day.
    await s3.send(new DeleteObjectCommand(here), { abortSignal }).catch(() => {});
    return 'copied';
  },
  items: (swap, reply) => [{ swap, code: reply.ok ? '' : reply.failure.error.code, said: saidIn(reply) }],
  rows: [
    {
      answer: 'It succeeds.',
      means:
        'The key exists, is enabled and can be used by the role in our bucket, so the denial depends on the inbox, by the encryption context.',
      fits: ({ code }) => code === '',
      tells: ({ swap: { edge } }) => {
        const detail = `A copy within the internal bucket can be encrypted with ${edge.resource}.`;
        return findings({
          facts: bearingOnKey(edge, ['key-missing', 'region', 'key-state'], 'excludes', 'probe', detail),
        });
      },
    },
    {
      answer: 'The key is disabled, pending deletion or import, or of another kind.',
      means: 'S3 cannot use this key for any caller: proven.',
      fits: ({ said }) => said?.wording === 'condition' && said.layer === 'key-state',
      tells: ({ swap: { edge }, code }) => {
        const detail = `A copy within the internal bucket, encrypted with ${edge.resource}, gets ${code}.`;
        return findings({ facts: bearingOnKey(edge, ['key-state'], 'proves', 'probe', detail) });
      },
    },
    {
      answer: 'Refused in the same words.',
      means: 'The bucket makes no difference. A key policy that allows the inbox alone refuses this too.',
      fits: ({ said }) => said?.wording === 'lumped',
      tells: ({ swap: { edge } }) =>
        evidenceAlone('probe', `${edge.resource} is refused in the internal bucket too.`, edge.step),
    },
  ],
});

function wasRefused(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
  return status !== undefined && status < 500;
}
