import { accountIn, parseArn } from '../../../core/arn.ts';
import { type MessageDenial, readMessage } from '../../../core/aws-words/message.ts';
import { isPolicyOfCaller } from '../../../core/layers.ts';
import type { Candidate, Diagnosis, Evidence } from '../../../core/report.ts';
import { defined } from '../../../core/values.ts';
import { conclude } from './conclude.ts';
import { diagnosisOfCause, type Explained } from './explained.ts';
import type { ReadText } from './failure-in-text.ts';
import { isNoDenial, isOfStranger } from './no-denials.ts';
import { listingInPlaceOfMissing, missingObjectIn } from './not-refused.ts';
import { refusedToService } from './other-services.ts';
import { whatToDo } from './remedy-of-text.ts';
import { replicationFailure } from './replication.ts';
import { areDifferentAccounts, askedBy, type ToldAsked } from './request-in-text.ts';
import { ruleFor } from './rules.ts';
import { unsavedPolicy } from './saved-policies.ts';

export interface Known {
  /** The role that delivers reports; if absent, it is guessed from the role's name. */
  readonly deliveryRole?: string | undefined;
}

/** Explains one event of a text. Facts that the event doesn't contain are absent. */
export function explain(told: ReadText, known: Known = {}): Explained {
  const read = readMessage(told.message, told.code);
  const said = `${told.code ?? ''} ${told.message}`;
  const evidence = evidenceOf(told, read);
  // AWS's sentence about who may not do what is a denial, whatever else the text says.
  const isRefusal = read.action !== undefined || read.wording === 'named' || read.wording === 'lumped';
  if (!isRefusal) {
    const replication = replicationFailure(said, told.resource, evidence);
    if (replication) return replication;
    const instead = unsavedPolicy(said) ?? isNoDenial(said) ?? isOfStranger(said, read);
    if (instead !== undefined) return nothingRefused('no-denial', instead, evidence);
    const ofService = refusedToService(said, evidence);
    if (ofService) return ofService;
  }
  const message = withTold(read, told);
  const asked = askedBy(told, message, known.deliveryRole);
  const missing = missingObjectIn(told, message, evidence);
  if (missing) return { kind: 'denial', diagnosis: missing };
  const rule = ruleFor(message, asked);
  const [diagnosis] = rule ? conclude(message, asked, rule, [...evidence, ...ofAccounts(told, asked)], []) : [];
  if (!diagnosis) return nothingRefused('not-understood', notKnown, evidence);
  const isOfBoth = told.source === 'cloudtrail' && asked.relation === 'cross-account' && read.action !== undefined;
  const certain = isOfBoth && message.wording === 'unexplained' ? diagnosis : asTold(diagnosis, message);
  if (isAnonymous(told, message)) return { kind: 'denial', diagnosis: ofNobody(certain) };
  return { kind: 'denial', ...whatToDo(certain, asked, message) };
}

const notKnown = 'The text tells of no denial that is known here.';

/** For a text in which nothing failed. */
export const succeeded: Explained = nothingRefused('no-denial', 'Nothing in it failed: there is no denial to explain.');

/** For a text in which nothing could be read. */
export const nothing: Explained = nothingRefused('not-understood', notKnown);

function nothingRefused(kind: Explained['kind'], summary: string, evidence: Evidence[] = []): Explained {
  return { kind, diagnosis: diagnosisOfCause({ summary }, evidence) };
}

/**
 * Limits the denial to what the text says. A check's diagnosis omits an effect that AWS may have worded wrongly, and
 * names the most likely layer if AWS names none. For a text, the effect is reported and that layer is a candidate.
 */
function asTold(
  { denial, candidates, evidence, ...said }: Diagnosis,
  { layer, effect, wording }: MessageDenial,
): Diagnosis {
  const { layer: guessed, side, accountId, ...certain } = denial;
  const told = effect === undefined ? {} : { effect };
  if (wording === 'opaque') return { ...said, denial: { ...certain, ...told }, evidence, candidates };
  if (layer !== undefined || (guessed === undefined && wording === 'named')) {
    return { ...said, denial: { ...denial, ...(layer === guessed && told) }, evidence, candidates };
  }
  // The side that must change something depends on the policy.
  if (guessed === undefined) return { ...said, denial: { ...certain, ...told }, evidence, candidates };
  const first: Candidate = {
    layer: guessed,
    ...defined({ side, action: denial.action }),
    why: evidence.at(-1)?.detail ?? '',
  };
  return { ...said, denial: { ...certain, ...told }, evidence, candidates: [first, ...candidates] };
}

/**
 * A CloudTrail event shows what KMS or STS denied even if AWS's message is not in it. S3's events are data events, and
 * contain all that S3 said, such as “Access Denied”.
 */
function withTold(message: MessageDenial, told: ReadText): MessageDenial {
  const { source, code, action, resource, operation, effect } = told;
  if (effect !== undefined) return { ...message, effect };
  // Only S3 leaves out the reason in this way.
  const isOfS3 =
    operation === undefined || /Object|Bucket|Multipart|UploadPart|ListParts|CreateSession/.test(operation);
  if (message.wording === 'opaque' && action === undefined && !isOfS3) return { ...message, wording: 'unexplained' };
  const isUntold = message.wording === 'opaque' || message.wording === 'none';
  const isRefusal = source === 'cloudtrail' && /^AccessDenied|UnauthorizedOperation$/.test(code ?? '');
  if (!isUntold || !isRefusal || action === undefined || action.startsWith('s3:')) return message;
  return { wording: 'unexplained', action, ...(resource !== undefined && { resource }) };
}

function isAnonymous(told: ReadText, message: MessageDenial): boolean {
  return message.principal === 'anonymous' || told.isAnonymous === true;
}

/** An unsigned request has no principal with policies, and should not be allowed. */
function ofNobody({ candidates, evidence, ...said }: Diagnosis): Diagnosis {
  return {
    ...said,
    evidence: [...evidence, { source: 'service-message', detail: 'The request was anonymous: it was not signed.' }],
    candidates: candidates.filter(({ layer }) => !isPolicyOfCaller(layer)),
    remedy: {
      side: 'service',
      instruction:
        'Sign the request: send it with the credentials of the delivery role. Reports need no bucket that is open to everybody.',
    },
  };
}

function evidenceOf({ source, code, message, detail }: ReadText, { action }: MessageDenial): Evidence[] {
  const said = code && !message.includes(code) ? `${code}: ${message}` : message;
  const words = source === 'cloudtrail' ? 'CloudTrail recorded' : code ? 'AWS answered' : 'The text says';
  return [
    { source, detail: `${words} ${said.trim()}` },
    ...(detail ? [{ source, detail }] : []),
    ...(/Encoded\s+authorization\s+failure\s+message/.test(message) ? [{ source, detail: howToDecode }] : []),
    ...(action === 's3:ListBucket' ? [{ source: 'service-message' as const, detail: listingInPlaceOfMissing }] : []),
  ];
}

const howToDecode =
  'The encoded part has the request and the statements that matched. `aws sts decode-authorization-message --encoded-message …` ' +
  'decodes it, with the permission sts:DecodeAuthorizationMessage; its answer can be explained here too.';

/** The key's owner, according to the ARNs. */
function ofAccounts({ source, bareKey }: ReadText, { principal, principalAccountId, resource }: ToldAsked): Evidence[] {
  if (bareKey !== undefined) {
    const where = principalAccountId ? ` (${principalAccountId})` : '';
    return [
      {
        source,
        detail: `The request names the key as ${bareKey}, without an account. KMS looks up such a key ID or alias in the caller's own account${where}.`,
      },
    ];
  }
  if (!resource?.includes(':kms:')) return [];
  const caller = principalAccountId ?? accountOf(principal);
  const owner = accountIn(resource) ?? accountOf(resource);
  const isOther = areDifferentAccounts(caller, owner);
  return isOther
    ? [{ source, detail: `It is the key of another account (${owner}), not of the caller's (${caller}).` }]
    : [];
}

function accountOf(arn: string | undefined): string | undefined {
  return parseArn(arn ?? '')?.accountId || undefined;
}
