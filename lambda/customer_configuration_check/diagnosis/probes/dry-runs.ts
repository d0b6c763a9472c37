import { regionIn } from '../../../../core/arn.ts';
import { type MessageDenial, readMessage } from '../../../../core/aws-words/message.ts';
import type { ServiceError } from '../../../../core/report.ts';
import type { Layer } from '../../../../core/vocabulary.ts';
import { failureOf } from '../../errors.ts';
import { allowedFact, bearingOn } from '../bearing.ts';
import { type DeliveryEdge, evidenceAlone, type Findings, type FoundRefusal, findings } from '../findings.ts';
import { probe } from '../probe.ts';
import type { Situation } from '../situation.ts';
import { contextsOf } from './simulate-delivery.ts';

interface DryRun {
  readonly edge: DeliveryEdge;
  /** The ARNs that S3 may send to KMS: the object's, or the bucket's with a Bucket Key. */
  readonly contexts: readonly string[];
}

interface Item {
  readonly edge: DeliveryEdge;
  /** One for each context, because KMS answers every dry run with an error. */
  readonly errors: readonly ServiceError[];
  readonly said: readonly MessageDenial[];
}

/**
 * Tests permissions on keys that no step reached because of an earlier denial. The check calls KMS directly, not
 * through S3, so a policy that requires kms:ViaService denies this although it would allow the delivery: a denial
 * proves nothing. But if KMS's message names one of our own policies, the key's policy allows the role.
 */
export const runsDry = probe<DryRun, readonly ServiceError[], Item>({
  id: 'run-dry',
  asks: 'a dry run of kms:GenerateDataKey or kms:Decrypt, with the encryption context that S3 would give',
  when: 'A permission for a key was not reached, because another denial came first.',
  as: 'the delivery role',
  needs: 'permission to use the key directly, and not only through S3 (kms:ViaService)',
  source: 'probe',
  round: 1,
  requests: 2,
  questions: (situation) =>
    unreached(situation).map((edge) => ({
      edge,
      contexts: contextsOf(edge).filter((context) => context !== undefined),
    })),
  send: async ({ edge: { action, resource }, contexts }, clients, signal) => {
    const kms = clients.kms(regionIn(resource) ?? '', 'delivery');
    const asked = action === 'kms:Decrypt' ? action : 'kms:GenerateDataKey';
    return Promise.all(
      contexts.map(async (context) => {
        try {
          await kms.dryRun(asked, resource, context, signal);
        } catch (error) {
          const { verdict, error: told } = failureOf(error);
          if (isAnswer(told) || verdict === 'denied') return told;
          throw error;
        }
        throw new Error('KMS answered a dry run as if it were none.');
      }),
    );
  },
  items: ({ edge }, reply) =>
    reply.ok
      ? [{ edge, errors: reply.answer, said: reply.answer.map(({ message, code }) => readMessage(message, code)) }]
      : [],
  rows: [
    {
      answer: 'It would succeed.',
      means:
        'The key exists and can be used, and most likely no policy denies it, unless one checks the source network: S3 calls KMS without the caller’s network context.',
      fits: ({ errors }) => errors.every(({ code }) => code === wouldSucceed),
      tells: ({ edge }) => {
        const detail = `A dry run of ${edge.action} on ${edge.resource} would succeed. S3 calls KMS without the caller's network, which a policy may check.`;
        return findings({
          facts: [
            ...bearingOn(edge, ['key-missing', 'region', 'key-state'], 'excludes', 'probe', detail),
            allowedFact(edge, 'probe', detail, 'weakens'),
          ],
        });
      },
    },
    {
      answer: 'Refused by an identity policy or the session policy.',
      means:
        "The key is probably fine, because across accounts KMS names the key's side if that denies. Our own policies allow the key only through S3, so this denial is not a fault.",
      fits: ({ edge, said }) =>
        edge.isForeign && said.every(({ layer }) => layer === 'identity-policy' || layer === 'session-policy'),
      tells: ({ edge }) => {
        const detail = `Our own policies, which allow the key only through S3, deny a dry run of ${edge.action}; the key's policy does not.`;
        return findings({
          facts: bearingOn(edge, ['key-policy', 'key-missing', 'region'], 'weakens', 'probe', detail),
        });
      },
    },
    {
      answer: 'The key is disabled, pending deletion or import, or of another kind.',
      means: 'S3 cannot use this key for any caller: proven.',
      fits: ({ said }) => said.some(({ wording, layer }) => wording === 'condition' && layer === 'key-state'),
      tells: (item) => refusedFor('key-state', 'proven', item),
    },
    {
      answer: 'No such key (NotFoundException).',
      means: 'The key is not in that account and Region, or its owner hides it: likely, and a fault of its own.',
      fits: ({ said }) => all(said, ({ wording, layer }) => wording === 'condition' && layer === 'key-missing'),
      tells: (item) => refusedFor('key-missing', 'inferred', item),
    },
    {
      answer: 'Stopped by our own policies for one encryption context, and by the key for the other.',
      means: 'The key policy looks at the encryption context: whether it fits depends on the Bucket Key of the bucket.',
      fits: ({ said }) =>
        said.some(({ wording }) => wording === 'lumped') && said.some(({ wording }) => wording !== 'lumped'),
      tells: ({ edge }) => {
        const detail = `The policy of ${edge.resource} treats the object's ARN and the bucket's differently as encryption context of ${edge.action}.`;
        return evidenceAlone('probe', detail, edge.step);
      },
    },
    {
      answer: 'Refused, in words that lump what can be wrong with a key.',
      means:
        'A hint at most, and none if the key policy requires kms:ViaService: the dry run does not come through S3.',
      fits: ({ said }) => said.every(({ wording }) => wording === 'lumped'),
      tells: ({ edge }) => {
        const detail = `A dry run of ${edge.action} on ${edge.resource} is denied. This says little, because a key policy may allow only requests through S3.`;
        return evidenceAlone('probe', detail, edge.step);
      },
    },
  ],
});

function refusedFor(layer: Layer, confidence: FoundRefusal['confidence'], { edge, errors: [error] }: Item): Findings {
  const detail = `A dry run of ${edge.action} gets ${error?.code}: ${error?.message}`;
  return findings({ refusals: [{ edge, layer, confidence, isAlone: true, evidence: { source: 'probe', detail } }] });
}

function all(said: readonly MessageDenial[], is: (one: MessageDenial) => boolean): boolean {
  return said.length > 0 && said.every(is);
}

const wouldSucceed = 'DryRunOperationException';

/** True for KMS's answers about the key or the permission, not about KMS itself or the network. */
function isAnswer({ code }: ServiceError): boolean {
  return /^(?:DryRunOperation|Disabled|KMSInvalidState|InvalidKeyUsage|NotFound)Exception$/.test(code);
}

function unreached({ open, answerAt, hasSource, case: { fallbackSource } }: Situation): readonly DeliveryEdge[] {
  if (answerAt('assume-delivery-role')) return [];
  return open.filter(({ step, action, resource }) => {
    if (!action.startsWith('kms:') || resource === fallbackSource?.kmsKeyArn) return false;
    const said = answerAt(step);
    // An existing source is read directly; the dry run is for a source that could not be stored.
    if (action === 'kms:Decrypt') return !hasSource || fallbackSource !== undefined;
    return said?.wording === 'opaque' || said?.action?.startsWith('s3:') === true;
  });
}
