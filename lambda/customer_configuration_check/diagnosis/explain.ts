import { type Asked, relationOf } from '../../../core/advice/asked.ts';
import { listingInPlaceOfMissing } from '../../../core/advice/missing-source.ts';
import { accountIn } from '../../../core/arn.ts';
import { type MessageDenial, readMessage } from '../../../core/aws-words/message.ts';
import type { Candidate, Diagnosis, Evidence } from '../../../core/report.ts';
import { toldByCloudTrail } from './cloudtrail-event.ts';
import { conclude, layersOfTheCaller } from './conclude.ts';
import { missingObjectIn } from './missing-source.ts';
import { diagnosisIn, toldByReport } from './report-text.ts';
import { ruleFor } from './rules.ts';
import type { Told } from './told.ts';

/**
 * What a text tells of a denial: an error message, plain or as any SDK, tool or log wraps it, XML, a CloudTrail event
 * in any of its forms, or a report. What the text does not tell is absent from the answer.
 */
export function explain(text: string): Diagnosis {
  const json = jsonIn(text);
  const printed = json === undefined ? undefined : diagnosisIn(json);
  if (printed) return printed;
  const told = (json !== undefined && (toldByReport(json) ?? toldByCloudTrail(json))) || plain(text);
  if (told === 'succeeded') return nothingRefused('Nothing in it failed: there is no denial to explain.');
  const message = withTold(readMessage(told.message, told.code), told);
  const asked = askedBy(told, message);
  const evidence = evidenceOf(told, message);
  const missing = missingObjectIn(told, message, evidence);
  if (missing) return missing;
  const rule = ruleFor(message, asked);
  const [diagnosis] = rule ? conclude(message, asked, rule, evidence, []) : [];
  if (!diagnosis)
    return nothingRefused(notDenials.find(([code]) => code.test(`${told.code} ${told.message}`))?.[1], evidence);
  if (message.wording === 'opaque') return { ...diagnosis, remedy: howToTell };
  const known = asTold(diagnosis, message);
  return message.principal === 'anonymous' ? ofNobody(known) : known;
}

/**
 * The denial is what the text says, no less and no more: a check leaves an effect out that AWS may have worded wrongly,
 * and names the likeliest layer where AWS names none; of a text, the former is told and the latter is a candidate.
 */
function asTold(
  { denial, candidates, evidence, ...said }: Diagnosis,
  { layer, effect, wording }: MessageDenial,
): Diagnosis {
  const { layer: guessed, side, accountId, ...certain } = denial;
  const told = effect === undefined ? {} : { effect };
  if (layer !== undefined || (guessed === undefined && wording === 'named')) {
    return { ...said, denial: { ...denial, ...(layer === guessed && told) }, evidence, candidates };
  }
  // Who has to change something depends on the policy.
  if (guessed === undefined) return { ...said, denial: { ...certain, ...told }, evidence, candidates };
  const first: Candidate = {
    layer: guessed,
    ...(side && { side }),
    ...(denial.action && { action: denial.action }),
    why: evidence.at(-1)?.detail ?? '',
  };
  return { ...said, denial: { ...certain, ...told }, evidence, candidates: [first, ...candidates] };
}

/**
 * An event tells what KMS or STS refused even where AWS's words are left out of it. Of S3's events, which are data events,
 * “Access Denied” is all that S3 said.
 */
function withTold(message: MessageDenial, { source, code, action, resource }: Told): MessageDenial {
  const isUntold = message.wording === 'opaque' || message.wording === 'none';
  const isRefusal = source === 'cloudtrail' && /^AccessDenied/.test(code ?? '');
  if (!isUntold || !isRefusal || action === undefined || action.startsWith('s3:')) return message;
  return { wording: 'unexplained', action, ...(resource !== undefined && { resource }) };
}

/** Nobody can mend what is not known: the first thing to do is to find out, as the service's side can. */
const howToTell: NonNullable<Diagnosis['remedy']> = {
  side: 'service',
  instruction:
    'Run the check with the test event of this customer: `secure-inbox check --event EVENT.json --local`. It makes the same ' +
    'requests one by one, as the same role, and says which one is refused and by what.',
};

/** A request without a signature comes from nobody who could have policies, and whom nobody should let in. */
function ofNobody({ candidates, evidence, ...said }: Diagnosis): Diagnosis {
  return {
    ...said,
    evidence: [...evidence, { source: 'service-message', detail: 'The request was anonymous: it was not signed.' }],
    candidates: candidates.filter(({ layer }) => !layersOfTheCaller.has(layer)),
    remedy: {
      side: 'service',
      instruction:
        'Sign the request: send it with the credentials of the delivery role. Reports need no bucket that is open to everybody.',
    },
  };
}

const notDenials: readonly (readonly [RegExp, string])[] = [
  [
    /ExpiredToken|RequestExpired|token has expired/,
    'The caller’s credentials have expired: it says nothing about permissions. Get new ones and try again.',
  ],
  [
    /InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidToken|must be provided in the credential/,
    'AWS does not accept the caller’s credentials: it says nothing about permissions. Check which credentials are used.',
  ],
  [
    /RequestTimeTooSkewed/,
    'The caller’s clock is wrong: it says nothing about permissions. Set it right and try again.',
  ],
  [
    /SlowDown|Throttl|TooManyRequests|ServiceUnavailable|InternalError/,
    'AWS could not serve the request at that moment: it says nothing about permissions. Try again.',
  ],
  [/NoSuchKey/, 'The object does not exist; the caller may look for it, so nothing is refused.'],
];

function nothingRefused(
  summary = 'The text tells of no denial that is known here.',
  evidence: Evidence[] = [],
): Diagnosis {
  return { summary, denial: {}, confidence: 'unknown', evidence, candidates: [] };
}

function plain(text: string): Told {
  return { message: text, source: 'service-message', viaS3: saysThatS3Asked(text) };
}

/** S3 passes a refusal by KMS on as AccessDenied, where KMS itself says AccessDeniedException. */
function saysThatS3Asked(text: string): boolean {
  return (
    /\bAccessDenied\b(?!Exception)/.test(text) || /(?:Put|Get|Copy|Head)Object|UploadPart|MultipartUpload/.test(text)
  );
}

function askedBy(told: Told, message: MessageDenial): Asked {
  const principal = message.principal ?? told.principal;
  const resource = message.resource ?? told.resource;
  const principalAccountId = accountIn(principal);
  const resourceAccountId = accountIn(resource) ?? told.resourceAccountId;
  const relation = relationOf(principalAccountId, resourceAccountId);
  // KMS lumps causes only where the key is of another account than the caller.
  const isForeign = relation === 'cross-account' || (relation === 'unknown' && message.wording === 'lumped');
  return {
    step: told.step,
    action: message.action ?? told.action,
    resource,
    principal,
    principalAccountId,
    resourceAccountId,
    relation,
    owner: isForeign ? 'customer' : relation === 'same-account' ? 'service' : undefined,
    viaS3: told.viaS3,
    encryptionContextArn: told.encryptionContextArn,
  };
}

function evidenceOf({ source, code, message, detail }: Told, { action }: MessageDenial): Evidence[] {
  const said = code && !message.includes(code) ? `${code}: ${message}` : message;
  const words = source === 'cloudtrail' ? 'CloudTrail recorded' : code ? 'AWS answered' : 'The text says';
  return [
    { source, detail: `${words} ${said.trim()}` },
    ...(detail ? [{ source, detail }] : []),
    ...(action === 's3:ListBucket' ? [{ source: 'service-message' as const, detail: listingInPlaceOfMissing }] : []),
  ];
}

/** Log lines have something before their JSON, and files of them hold one object a line. */
function jsonIn(text: string): unknown {
  const within = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  const lines = text.split('\n').flatMap((line) => parsed(line.slice(line.indexOf('{'))) ?? []);
  return parsed(text) ?? parsed(within) ?? (lines.length > 0 ? lines : undefined);
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
