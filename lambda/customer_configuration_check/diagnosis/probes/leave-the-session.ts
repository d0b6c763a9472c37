import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { MessageDenial } from '../../../../core/aws-words/message.ts';
import type { Delivery } from '../../../../core/delivery/delivery.ts';
import { testObjectPrefix } from '../../../../core/object-keys.ts';
import type { Fact } from '../explanation.ts';
import { findings } from '../findings.ts';
import { probe, saidIn } from '../probe.ts';

/**
 * An object in the internal bucket that belongs to no customer, so no delivery's session may read it. It never exists.
 */
const objectOfNobody = `${testObjectPrefix}of-nobody`;

interface Item {
  readonly said: MessageDenial | undefined;
  readonly isFound: boolean;
}

/**
 * Finds out if the session is as restricted as requested. If someone else sets the session policy, our request doesn't
 * show what it allows.
 */
export const leavesTheSession = probe<{ delivery: Delivery }, unknown, Item>({
  id: 'leave-the-session',
  asks: 's3 GetObject of an object in the internal bucket that the session must not reach',
  when: "S3 denied the copy without a reason, and the delivery role's session has a policy.",
  as: 'the delivery role',
  needs: 's3:GetObject on the internal bucket, in the policy of the delivery role',
  source: 'probe',
  round: 1,
  requests: 1,
  questions: ({ answerAt, case: { delivery } }) =>
    answerAt('copy-to-inbox')?.wording === 'opaque' && delivery.deliveryRoleArn !== undefined ? [{ delivery }] : [],
  send: async ({ delivery: { internal } }, clients, abortSignal) => {
    const command = new GetObjectCommand({
      Bucket: internal.bucket,
      Key: objectOfNobody,
      Range: 'bytes=0-0',
      ExpectedBucketOwner: internal.accountId,
    });
    const { Body } = await clients.s3(internal.region).send(command, { abortSignal });
    await Body?.transformToByteArray();
  },
  items: (_, reply) => [{ said: saidIn(reply), isFound: reply.ok || reply.failure.error.code === 'NoSuchKey' }],
  rows: [
    {
      answer: 'Refused by the session policy.',
      means:
        'The session has the permissions that were requested, and those cover the delivery: it is unlikely to be the cause.',
      fits: ({ said }) => said?.action === 's3:GetObject' && said.layer === 'session-policy',
      tells: () => findings({ facts: [about('weakens', 'The session is as narrow as the check requested.')] }),
    },
    {
      answer: 'No such object, or refused with words about s3:ListBucket.',
      means: 'The session runs under another policy than the one that was asked for, which may be the cause.',
      fits: ({ said, isFound }) => isFound || said?.action === 's3:ListBucket',
      tells: () =>
        findings({
          facts: [
            about(
              'supports',
              'The session can read an object that the requested policy does not allow, so it has a different policy.',
            ),
          ],
        }),
    },
  ],
});

function about(verdict: 'supports' | 'weakens', detail: string): Fact {
  return { source: 'probe', detail, step: 'copy-to-inbox', bearing: { on: { layer: 'session-policy' }, verdict } };
}
