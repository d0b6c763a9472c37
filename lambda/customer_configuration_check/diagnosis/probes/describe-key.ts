import type { KeyMetadata, KeyState } from '@aws-sdk/client-kms';
import { regionIn } from '../../../../core/arn.ts';
import { bearingOnKey } from '../bearing.ts';
import { type DeliveryEdge, findings } from '../findings.ts';
import { probe, type Reply } from '../probe.ts';
import type { Situation } from '../situation.ts';

interface Item {
  readonly edge: DeliveryEdge;
  readonly reply: Reply<KeyMetadata | undefined>;
}

/**
 * Finds out if the key exists, is enabled and has the right type. Most customers' key policies only let the delivery
 * role use the key, so this often stays open; it is answered if a policy trusts the whole account.
 */
export const describesKey = probe<DeliveryEdge, KeyMetadata | undefined, Item>({
  id: 'describe-key',
  asks: 'kms:DescribeKey of the key that was refused',
  when: "KMS denied it, with its one text for all faults of another account's key.",
  as: "the check's role",
  needs: "kms:DescribeKey in the key policy, for the check's role",
  source: 'key-metadata',
  round: 1,
  requests: 1,
  questions: lumpedKeys,
  send: async ({ resource }, clients, signal) =>
    clients.kms(regionIn(resource) ?? '', 'check').describe(resource, signal),
  items: (edge, reply) => [{ edge, reply }],
  rows: [
    {
      answer: 'An enabled key for symmetric encryption.',
      means:
        "The key exists and can be used, and its policy lets the check describe it, usually because it trusts the service's account. KMS may then have named it although the role's own policy does not allow it.",
      fits: ({ reply }) => reply.ok && reply.answer !== undefined && !faultOf(reply.answer),
      tells: ({ edge }) => {
        const detail = `kms:DescribeKey, which its policy allows the check, finds ${edge.resource} enabled.`;
        return findings({
          facts: [
            ...bearingOnKey(edge, ['key-missing', 'region', 'key-state'], 'excludes', 'key-metadata', detail),
            ...bearingOnKey(edge, ['key-policy', 'resource-control-policy'], 'weakens', 'key-metadata', detail),
          ],
        });
      },
    },
    {
      answer: 'No such key (NotFoundException).',
      means:
        'The key is not in that account and Region, so none of its policies or states is the cause: most likely it does not exist. A key with that ID may be in another Region.',
      fits: ({ reply }) => !reply.ok && reply.failure.error.code === 'NotFoundException',
      tells: ({ edge }) => {
        const detail = `kms:DescribeKey finds no key ${edge.resource}.`;
        return findings({
          facts: [
            ...bearingOnKey(edge, ['key-missing'], 'supports', 'key-metadata', detail),
            ...bearingOnKey(
              edge,
              ['key-policy', 'resource-control-policy', 'key-state'],
              'excludes',
              'key-metadata',
              detail,
            ),
          ],
        });
      },
    },
    {
      answer: 'A key that is disabled, pending deletion or import, or of another kind.',
      means: 'Whatever else is wrong, S3 cannot use this key: proven.',
      fits: ({ reply }) => reply.ok && reply.answer !== undefined && faultOf(reply.answer) !== undefined,
      tells: ({ edge, reply }) => {
        const state = reply.ok && reply.answer ? (faultOf(reply.answer) ?? '') : '';
        const detail = `kms:DescribeKey says of ${edge.resource}: ${state}.`;
        return findings({
          facts: [
            ...bearingOnKey(edge, ['key-state'], 'proves', 'key-metadata', detail),
            ...bearingOnKey(edge, ['key-missing', 'region'], 'excludes', 'key-metadata', detail),
          ],
        });
      },
    },
  ],
});

function lumpedKeys({ answerAt, open, case: { fallbackSource } }: Situation): readonly DeliveryEdge[] {
  const refused = (['put-internal', 'copy-to-inbox'] as const).flatMap((step) => {
    const said = answerAt(step);
    if (said?.wording !== 'lumped') return [];
    if (said.action === 'kms:Decrypt' && fallbackSource) return [];
    return open.find((edge) => edge.step === step && edge.action === (said.action ?? 'kms:Decrypt')) ?? [];
  });
  return refused.filter((edge, at) => refused.findIndex(({ resource }) => resource === edge.resource) === at);
}

/** A key can be used while its primary Region changes. */
const usableStates: readonly (KeyState | undefined)[] = ['Enabled', 'Updating'];

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
function faultOf({ KeyState, KeySpec }: KeyMetadata): string | undefined {
  if (KeyState !== undefined && !usableStates.includes(KeyState)) return `its state is ${KeyState}`;
  return KeySpec !== undefined && KeySpec !== 'SYMMETRIC_DEFAULT' ? `it is of the kind ${KeySpec}` : undefined;
}
