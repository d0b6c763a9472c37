import { CopyObjectCommand, type CopyObjectCommandInput } from '@aws-sdk/client-s3';
import { copied, copyToInbox } from '../../copy-to-inbox.ts';
import { failureOf } from '../../errors.ts';
import { bearingOn } from '../bearing.ts';
import type { Fact } from '../explanation.ts';
import { type DeliveryEdge, evidenceAlone, type Findings, findings } from '../findings.ts';
import { probe } from '../probe.ts';
import type { Situation } from '../situation.ts';

/** Changes one property of the delivery. Encryption, key, owner, prefix and object name stay the same. */
const variations = {
  'with-acl': { ACL: 'bucket-owner-full-control' },
  'without-acl': { ACL: undefined },
  'with-bucket-key': { BucketKeyEnabled: true },
  'without-bucket-key': { BucketKeyEnabled: false },
} as const satisfies Readonly<Record<string, Partial<CopyObjectCommandInput>>>;
type Variation = keyof typeof variations;

interface Trial {
  readonly edge: DeliveryEdge;
  readonly region: string;
  readonly request: CopyObjectCommandInput;
  readonly variations: readonly Variation[];
}

interface Item {
  readonly edge: DeliveryEdge;
  readonly succeeded: Variation | undefined;
}

/** Runs only for events that request a full diagnosis, because no other probe touches the customer's bucket. */
export const variesTheDelivery = probe<Trial, Variation | undefined, Item>({
  id: 'vary-the-delivery',
  asks: 's3 CopyObject to the inbox again with one thing changed, until one succeeds: the ACL, or the Bucket Key',
  when: 'The event says `"diagnosis": "full"`, and the inbox denies the copy (it changes the ACL) or its key does (it changes the Bucket Key).',
  as: 'the delivery role',
  needs: 'the same as the delivery, and s3:PutObjectAcl',
  source: 'probe',
  round: 1,
  requests: 2,
  questions: trialsIn,
  send: async ({ request, variations: tried, region }, clients, abortSignal) => {
    const s3 = clients.s3(region);
    for (const variation of tried) {
      const command = new CopyObjectCommand({ ...request, ...variations[variation] });
      try {
        copied(await s3.send(command, { abortSignal }));
        return variation;
      } catch (error) {
        // A bucket with ACLs disabled accepts only this ACL. An error that is not a denial shows nothing.
        if (failureOf(error).verdict === 'inconclusive') throw error;
      }
    }
    return undefined;
  },
  items: ({ edge }, reply) => (reply.ok ? [{ edge, succeeded: reply.answer }] : []),
  rows: [
    {
      answer: 'It succeeds with the ACL `bucket-owner-full-control`.',
      means: 'A policy demands the ACL, most likely the bucket policy: set inbox.acl in the test event.',
      fits: ({ succeeded }) => succeeded === 'with-acl',
      tells: ({ edge }) =>
        ofBucket(
          edge,
          'The same copy succeeds with the ACL bucket-owner-full-control, which you can set as inbox.acl in the test event.',
        ),
    },
    {
      answer: 'It succeeds without the ACL.',
      means: 'Sending the ACL is denied, most likely by the bucket policy: s3:PutObjectAcl, or the ACL itself.',
      fits: ({ succeeded }) => succeeded === 'without-acl',
      tells: ({ edge }) => ofBucket(edge, 'The same copy succeeds without the event’s ACL.'),
    },
    {
      answer: 'It succeeds with a Bucket Key, or without one.',
      means:
        'A policy, most likely the key’s, requires another encryption context than S3 sends: the bucket’s ARN with a Bucket Key, otherwise the object’s.',
      fits: ({ succeeded }) => succeeded === 'with-bucket-key' || succeeded === 'without-bucket-key',
      tells: ({ edge, succeeded }) => {
        const detail = `The same copy succeeds ${succeeded === 'with-bucket-key' ? 'with' : 'without'} a Bucket Key.`;
        return findings({
          facts: [
            ...bearingOn(edge, ['key-missing', 'region', 'key-state'], 'excludes', 'probe', detail),
            ...bearingOn(edge, ['key-policy'], 'supports', 'probe', detail),
          ],
        });
      },
    },
    {
      answer: 'It is refused each time.',
      means: 'What refuses looks at something else.',
      fits: ({ succeeded }) => succeeded === undefined,
      tells: ({ edge }) =>
        evidenceAlone('probe', 'The copy is also denied with another ACL or Bucket Key setting.', edge.step),
    },
  ],
});

function trialsIn({ answerAt, hasSource, open, case: { delivery, runId } }: Situation): readonly Trial[] {
  const said = answerAt('copy-to-inbox');
  // A copy in one request has other headers than a part, so its success would say nothing about parts.
  if (delivery.diagnosis !== 'full' || delivery.kind !== 'copy' || !hasSource || !said) return [];
  const request = copyToInbox(delivery, runId);
  const isOfKey = said.action === 'kms:GenerateDataKey';
  const isOfBucket = said.wording === 'opaque' || said.action === 's3:PutObject' || said.action === 's3:PutObjectAcl';
  const permission = isOfKey ? said.action : delivery.inbox.acl ? 's3:PutObjectAcl' : 's3:PutObject';
  const edge = open.find(({ step, action }) => step === 'copy-to-inbox' && action === permission);
  if (!edge || !(isOfKey || isOfBucket)) return [];
  const changed: readonly Variation[] = isOfKey
    ? ['with-bucket-key', 'without-bucket-key']
    : [delivery.inbox.acl ? 'without-acl' : 'with-acl'];
  return [{ edge, region: delivery.inbox.region, request, variations: changed }];
}

/** An ACL changes neither the bucket's owner nor how public its policy is. */
function ofBucket(edge: DeliveryEdge, detail: string): Findings {
  const excluded = (['bucket-owner', 'block-public-access', 'requester-pays'] as const).map(
    (layer): Fact => ({
      source: 'probe',
      detail,
      bearing: { on: { layer, role: 'inbox-object' }, verdict: 'excludes' },
    }),
  );
  return findings({ facts: [...excluded, ...bearingOn(edge, ['bucket-policy'], 'supports', 'probe', detail)] });
}
