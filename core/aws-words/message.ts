import { arnPattern } from '../arn.ts';
import type { ServiceError } from '../report.ts';
import { defined, keptIn } from '../values.ts';
import type { Effect, Layer } from '../vocabulary.ts';
import { conditionRows } from './conditions.ts';
import { type KeyTrouble, keyTroubleIn } from './key-troubles.ts';
import {
  bare,
  cutOff,
  lumped,
  type PolicyInMessage,
  policyTypes,
  reasons,
  resourcePolicies,
  type Wording,
} from './reasons.ts';
import { arnAt, findSentence } from './sentence.ts';
import { type Compact, compact, unwrap } from './unwrap.ts';

/** The contents of a message, without anything it doesn't say. */
export interface MessageDenial {
  readonly wording: Wording;
  readonly action?: string;
  /** As AWS names it; for a role, that is the session. */
  readonly principal?: string;
  readonly resource?: string;
  readonly layer?: Layer;
  readonly effect?: Effect;
  readonly policyArn?: string;
  /** The resource in a wrong state, if the fault is not a permission. */
  readonly subject?: 'key' | 'bucket';
  /** The reason why a key can't be used, if the message gives it. */
  readonly keyTrouble?: KeyTrouble;
  /** The setting of S3 Block Public Access that denies. */
  readonly setting?: 'BlockPublicAcls' | 'BlockPublicPolicy';
  /**
   * The Region in KMS's message about a key's ARN; or the bucket's, if the request was sent to or signed for another.
   */
  readonly expectedRegion?: string;
  /** The meaning of a denial that belongs to no layer or policy. */
  readonly means?: string;
}

/**
 * Reads a denial from a message as AWS sends it, or as an SDK, tool or log wraps it.
 *
 * @param code the error's code, if known separately from the text
 */
export function readMessage(text: string, code?: string): MessageDenial {
  const unwrapped = unwrap(text);
  const all = compact(unwrapped);
  const sentence = findSentence(unwrapped, all);
  const { from = 0, reasonFrom = 0, to = all.text.length } = sentence ?? {};
  const said: Omit<MessageDenial, 'wording'> = sentence?.said ?? {};
  return {
    ...said,
    ...(findReason(unwrapped, all, reasonFrom, to, said.action) ??
      (sentence
        ? findCondition('', ownReason(all.text.slice(reasonFrom, to)))
        : findCondition(unwrapped, all.text, code)) ?? {
        wording: sentence
          ? sentence.isCut || isCut(all, from, to)
            ? 'cut'
            : 'unexplained'
          : opaqueOrNone(unwrapped, code),
      }),
  };
}

/** The same for an error in a report. Results are cached, because a diagnosis often reads each step's error. */
export function readError(error: ServiceError): MessageDenial {
  const { message, code, endpoint } = error;
  return keptIn(read, error, () => readMessage(endpoint === undefined ? message : `${message} ${endpoint}`, code));
}

const read = new WeakMap<ServiceError, MessageDenial>();

/** True if the text ends with this sentence and is complete before it. */
function isCut({ text }: Compact, from: number, to: number): boolean {
  const said = text.slice(from, to);
  return to === text.length && (cutOff.test(said) || /onresource:?"[^"]*$/.test(said));
}

/** What goes on after a sentence, without the messages after it: `because public ACLs are prevented by …`. */
function ownReason(scope: string): string {
  return /^.{0,1400}?because(?!no)(.{1,400})/.exec(scope)?.[1] ?? '';
}

type Reason = Pick<MessageDenial, 'wording' | 'layer' | 'effect' | 'policyArn'>;

function findReason(text: string, all: Compact, from: number, to: number, action?: string): Reason | undefined {
  const scope = all.text.slice(from, to);
  if (lumped.reads.test(scope)) return { wording: 'lumped', layer: 'key-policy' };
  for (const type of policyTypes) {
    const implicit = reasons.implicit.reads(type).exec(scope);
    if (implicit) return { wording: 'named', effect: 'implicit', ...layerOf(type.policy, action ?? implicit[1]) };
    const explicit = reasons.explicit.reads(type).exec(scope);
    if (!explicit) continue;
    const after = scope.slice(explicit.index + explicit[0].length);
    const through = explicit[1] ? policyAt(after) : undefined;
    if (explicit[1] ? !through : isBeginning(after, 'transitivelythrougha'))
      return { wording: 'cut', effect: 'explicit' };
    const policyArn = policyArnAt(text, all, from + explicit.index + explicit[0].length);
    return {
      wording: through ? 'transitive' : 'named',
      effect: 'explicit',
      ...layerOf(through ?? type.policy, action),
      ...(policyArn && { policyArn }),
    };
  }
  if (!/withanexplicitdeny/i.test(scope)) return undefined;
  return { wording: isCut(all, from, to) ? 'cut' : 'unattributed', effect: 'explicit' };
}

function isBeginning(text: string, words: string): boolean {
  return text !== '' && words.startsWith(text.toLowerCase());
}

function policyAt(scope: string): PolicyInMessage | undefined {
  return policyTypes.find(({ reads }) => new RegExp(`^${reads}`, 'i').test(scope))?.policy;
}

function layerOf(policy: PolicyInMessage, action: string | undefined): { layer?: Layer } {
  if (policy !== 'resource-based') return { layer: policy };
  const [service = ''] = action?.split(':') ?? [];
  const layer = resourcePolicies[service.toLowerCase()];
  return layer ? { layer } : {};
}

/** Formatted as `: arn:…` in answers and as `, with policy ARN: arn:…` in S3's documentation. */
function policyArnAt(text: string, all: Compact, from: number): string | undefined {
  const lead = all.text.slice(from).match(/^(?::|,?:?\(?(?:with)?policyARN:?)(?=arn:)/i);
  const at = lead ? all.at[from + lead[0].length] : undefined;
  const arn = at === undefined ? undefined : arnAt(text, at);
  return arn === undefined || isPartOfPolicyArn(arn) ? undefined : arn;
}

function findCondition(
  text: string,
  said: string,
  code?: string,
): Omit<MessageDenial, 'action' | 'principal'> | undefined {
  const codes = [...(code ? [code] : []), ...text.split(/[^\w.]+/)].flatMap(endingsOf);
  const row = conditionRows.find(
    (condition) =>
      (condition.text?.compact.test(said) || codes.some(condition.isCode)) && !condition.unless?.test(text),
  );
  if (!row) return undefined;
  const { layer, effect, subject, means } = row;
  const keyArn = subject === 'key' ? said.match(keyInCondition)?.[0] : undefined;
  const expectedRegion = layer === 'region' ? said.match(regionInCondition)?.slice(1).find(Boolean) : undefined;
  const keyTrouble = layer === 'key-state' ? keyTroubleIn(said) : undefined;
  const acls = layer === 'block-public-access' ? said.match(/BlockPublic(?:Acls|Policy)/i)?.[0] : undefined;
  const setting = acls ? (/acls/i.test(acls) ? 'BlockPublicAcls' : 'BlockPublicPolicy') : undefined;
  return {
    wording: 'condition',
    ...defined({ layer, effect, subject, resource: keyArn, expectedRegion, setting, keyTrouble, means }),
  };
}

/** Firehose prefixes KMS's code with its own name: `S3.KMS.NotFoundException`. */
function endingsOf(word: string): readonly string[] {
  const parts = word.split('.');
  return parts.length > 6 ? [word] : parts.map((_, at) => parts.slice(at).join('.'));
}

const keyInCondition = arnPattern(
  /kms:[^:]+:[^:]+:key\/[\w-]+?(?=is(?:disabled|pending|unavailable|creating|updating)|')/,
  { anchored: false },
);
/** The Region that S3 expects, from its message or from the endpoint in it. */
const regionInCondition =
  /expecting'([a-z0-9-]+)'|bucketisin'([a-z0-9-]+)'region|s3(?:-fips)?(?:\.dualstack)?[.-]([a-z]{2,}(?:-[a-z]+)+-\d)\.amazonaws|Invalidarn([a-z]{2,}(?:-[a-z]+)+-\d)/;

/** If a text is cut off, its end may be the beginning of an ARN. */
function isPartOfPolicyArn(arn: string): boolean {
  return !(arn.includes(':organizations:') ? /\/p-\w{8,}$/ : /:policy\/./).test(arn);
}

/** An answer to HEAD has no body, so SDKs show only the status. */
function opaqueOrNone(all: string, code: string | undefined): Wording {
  const text = all.replace(comparison, ' ');
  const isForbidden = /\bforbidden\b/i.test(text) && /\b403\b/.test(`${code} ${text}`);
  if (isForbidden || bareWords.test(text) || codeOfRefusal.test(text)) return 'opaque';
  const saysNothing = new RegExp(`^\\W*(?:(?:UnknownError|${refusalCodes}|Forbidden|403)\\W*)*$`, 'i').test(text);
  return saysNothing && /AccessDenied|UnauthorizedOperation|Forbidden|403/i.test(`${code} ${text}`) ? 'opaque' : 'none';
}

const bareWords = new RegExp(bare.words, 'i');
const refusalCodes = bare.codes;
/** A number of denials, as in a metric. */
const counter = String.raw`(?!["']?\s*[:=]\s*(?!403)\d+\s*(?:[,}\]\s]|$))`;
/** The code as an error writes it, not as a word in a sentence. */
const codeOfRefusal = new RegExp(
  String.raw`(?:[("':>=]|\b403)\s*(?:${refusalCodes})\b${counter}|\b(?:${refusalCodes})${counter}\s*[:)"'<;]`,
);

/** The message of a program that expected this code and didn't get it. */
const comparison = new RegExp(
  String.raw`(?:[=!]==?|\bcase)\s*["'](?:${refusalCodes})["']|["'](?:${refusalCodes})["']\s*(?:[=!]==?|\b(?:not\s+)?in\b)`,
  'g',
);
