import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { internalObject } from '../../copy-to-inbox.ts';
import { edgeOf } from '../delivery-edges.ts';
import { findings } from '../findings.ts';
import { probe, saidIn } from '../probe.ts';

/** For a missing object S3 answers as if it had deleted it, but still checks the permission. */
export const deletesNothing = probe({
  id: 'delete-nothing',
  asks: 's3 DeleteObject of the test object that was never stored',
  when: 'Nothing was stored, so clean-up is not tried.',
  as: 'the delivery role',
  needs: 's3:DeleteObject on the internal test object',
  source: 'probe',
  round: 1,
  requests: 1,
  questions: ({ open, cleansUp, answerAt, case: { delivery, runId } }) => {
    const edge = edgeOf(open, 'clean-up', 's3:DeleteObject');
    if (!edge || cleansUp || answerAt('assume-delivery-role')) return [];
    return [{ edge, region: delivery.internal.region, object: internalObject(delivery, runId) }];
  },
  send: ({ region, object }, clients, abortSignal) =>
    clients.s3(region).send(new DeleteObjectCommand(object), { abortSignal }),
  items: ({ edge }, reply) => [{ edge, reply }],
  rows: [
    {
      answer: 'Deleted.',
      means: 'Test objects can be deleted.',
      fits: ({ reply }) => reply.ok,
      tells: ({ edge }) => findings({ allowed: [edge] }),
    },
    {
      answer: 'Refused, with words about s3:DeleteObject.',
      means: "Test objects could not be deleted. Read like a step's answer: a fault of its own.",
      fits: ({ reply }) => saidIn(reply)?.action === 's3:DeleteObject',
      tells: ({ reply }) =>
        reply.ok
          ? findings({})
          : findings({
              answers: [
                { step: 'clean-up', error: reply.failure.error, tried: 'Deleting the test object, had there been one' },
              ],
            }),
    },
  ],
});
