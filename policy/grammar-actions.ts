import type { GrammarSettings, PolicyElement } from './grammar-text.ts';
import { partitionName, placeholderIn, shown, textsIn } from './grammar-text.ts';
import { namesIn, rcpServices, s3BucketActions, s3ObjectActions } from './known-names.ts';
import { fits } from './pattern.ts';
import type { PolicyKind } from './policy-kinds.ts';

const actionSyntax = /^(?:\*|([A-Za-z0-9.*?-]+):([A-Za-z0-9*?,_ -]+))$/;
const inRcps: ReadonlySet<string> = new Set(rcpServices.split(' '));

/**
 * IAM, KMS and Organizations save actions that don't exist. S3 doesn't.
 *
 * @param about the resource types of the statement; absent if unknown, as with NotAction or NotResource
 */
export function checkActions(
  { kind, value, at, settings: { bucket, anyNames }, report }: PolicyElement,
  about: ReadonlySet<S3Resource> | undefined,
): void {
  const applies = bucket === undefined ? undefined : about;
  for (const { text, at: place } of textsIn(value, at)) {
    if (placeholderIn(text) !== undefined) continue;
    const problem = malformed(kind, text) ?? (anyNames ? undefined : ofKind[kind]?.(text, applies));
    if (problem !== undefined) report(place, problem);
  }
}

function malformed(kind: PolicyKind, text: string): string | undefined {
  const found = actionSyntax.exec(text);
  if (!found) return `${shown(text)} is not an action: write SERVICE:ACTION, such as s3:PutObject, or "*".`;
  // https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language
  return found[1] && /[*?]/.test(found[1]) && kind !== 'service-control-policy'
    ? `${shown(text)} has a wildcard in the name of the service: name the service.`
    : undefined;
}

type ActionRule = (text: string, applies?: ReadonlySet<S3Resource>) => string | undefined;

const ofKind: Readonly<Partial<Record<PolicyKind, ActionRule>>> = {
  'bucket-policy': s3Problem,
  'role-trust-policy': (text) =>
    text === '*' || /^sts:/i.test(text)
      ? undefined
      : `${shown(text)} is not an action of AWS STS: “AssumeRole policy may only specify STS AssumeRole actions”.`,
  'resource-control-policy': (text) => {
    if (text === '*') return `Action cannot be "*" in a resource control policy: name services, such as "s3:*".`;
    const service = text.slice(0, text.indexOf(':'));
    return inRcps.has(service.toLowerCase())
      ? undefined
      : `${shown(service)} is not among the services that resource control policies support.`;
  },
};

export type S3Resource = 'bucket' | 'object';

const s3Actions: readonly (readonly [name: string, on: S3Resource])[] = [
  ...namesIn(s3ObjectActions).map((name) => [name, 'object'] as const),
  ...namesIn(s3BucketActions).map((name) => [name, 'bucket'] as const),
];
const s3ByName = new Map(s3Actions.map(([name, on]) => [name.toLowerCase(), on]));
const knownPatterns = new Map<string, ReadonlySet<S3Resource>>();

/** The resource types of the actions that a pattern matches; empty if it matches none. */
function s3ResourcesOf(action: string): ReadonlySet<S3Resource> {
  const pattern = action.toLowerCase();
  const known = s3ByName.get(pattern);
  if (known) return new Set([known]);
  if (!/[*?]/.test(pattern)) return new Set();
  const found = new Set([...s3ByName].flatMap(([name, on]) => (fits(pattern, name) ? [on] : [])));
  if (knownPatterns.size < 1000) knownPatterns.set(pattern, found);
  return knownPatterns.get(pattern) ?? found;
}

/** S3's answers: https://github.com/versity/versitygw, issues 645 and 650. */
function s3Problem(text: string, applies?: ReadonlySet<S3Resource>): string | undefined {
  if (text === '*') return undefined;
  const [service = '', action = ''] = text.split(':');
  if (service.toLowerCase() !== 's3')
    return `${shown(text)} is not an action of Amazon S3: “Policy has invalid action”. A bucket policy has only S3 actions.`;
  const on = s3ResourcesOf(action);
  if (on.size === 0)
    return `Amazon S3 has no action ${shown(text)} on buckets or objects: “Policy has invalid action”.${suggestion(action)}`;
  if (!applies || applies.size === 0 || [...on].some((one) => applies.has(one))) return undefined;
  const [missing] = on;
  return `${shown(text)} is about ${missing}s, and the statement's Resource has none: “Action does not apply to any resource(s) in statement”. ${
    missing === 'object' ? 'Add “/*” to the ARN of the bucket.' : 'Add the ARN of the bucket itself.'
  }`;
}

function suggestion(action: string): string {
  const written = action.toLowerCase();
  const [nearest] = s3Actions
    .map(([name]) => name)
    .filter((name) => written.startsWith(name.toLowerCase()) || name.toLowerCase().startsWith(written))
    .toSorted((a, b) => Math.abs(a.length - action.length) - Math.abs(b.length - action.length));
  return nearest ? ` Did you mean s3:${nearest}?` : '';
}

/** @returns undefined if a pattern or a variable may be either type, or something else is named */
export function s3ResourcesIn(texts: readonly string[]): ReadonlySet<S3Resource> | undefined {
  const found = new Set<S3Resource>();
  for (const text of texts) {
    const bucket = bucketNamedIn(text);
    if (bucket === undefined || /[*?]/.test(bucket)) return undefined;
    found.add(text.includes('/') ? 'object' : 'bucket');
  }
  return found;
}

/**
 * IAM completes a short ARN with wildcards: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export function checkResources(part: PolicyElement): void {
  const { kind, grammar, value, at, settings, report } = part;
  const element = String(at.at(-1));
  for (const { text, at: place } of textsIn(value, at)) {
    if (placeholderIn(text) !== undefined) continue;
    if (text === '*') {
      // S3's answer in https://github.com/noobaa/noobaa-core/issues/10058
      if (kind === 'bucket-policy') checkBucket(text, { ...part, at: place });
      continue;
    }
    const [arn, partition = '', service = '', ...rest] = text.split(':');
    const isWhole = rest.length >= (kind === 'bucket-policy' || kind === 'key-policy' ? 3 : 0) && rest.at(-1) !== '';
    if (arn !== 'arn' || service === '' || !isWhole)
      report(
        place,
        `The ${element} ${shown(text)} must be an ARN (arn:partition:service:region:account:resource) or "*".`,
      );
    else if (isOfAnother(partition, part)) report(place, otherPartition(element, text, settings));
    else if (grammar.parsesValues && /[*?]/.test(service))
      report(
        place,
        `The ${element} ${shown(text)} has a wildcard in the name of the service: “Resource vendor must be fully qualified and cannot contain regexes”.`,
      );
    else if (kind === 'bucket-policy') checkBucket(text, { ...part, at: place });
  }
}

/** IAM says “Partition … is not valid for resource”, S3 says “Policy has invalid resource”. */
function isOfAnother(partition: string, { kind, grammar, settings }: PolicyElement): boolean {
  if (/[*?$]/.test(partition) || !(kind === 'bucket-policy' || grammar.parsesValues)) return false;
  return settings.partition === undefined ? !partitionName.test(partition) : partition !== settings.partition;
}

function otherPartition(element: string, text: string, { partition = 'aws', bucket }: GrammarSettings): string {
  if (bucket !== undefined) return notOfBucket(text, partition, bucket);
  return `The ${element} ${shown(text)} is of another partition; write ${arnIn(partition, '…')}.`;
}

function checkBucket(text: string, { at, settings: { partition = 'aws', bucket }, report }: PolicyElement): void {
  if (bucket === undefined) return;
  const named = bucketNamedIn(text);
  if (named === undefined) report(at, notOfBucket(text, partition, bucket));
  else if (!fits(named, bucket))
    report(
      at,
      `${shown(text)} is of the bucket ${shown(named)}, and this is the policy of ${bucket}. ${invalidResource}`,
    );
}

const invalidResource = 'S3 would not save it: “Policy has invalid resource”.';

function notOfBucket(text: string, partition: string, bucket: string): string {
  return `${shown(text)} is neither this bucket nor an object in it; write ${arnIn(partition, `s3:::${bucket}/…`)}. ${invalidResource}`;
}

/** The bucket of an S3 ARN as a pattern, in which a variable matches anything; undefined for other texts. */
function bucketNamedIn(arn: string): string | undefined {
  const pattern = arn.replace(/\$\{[^}]*\}/g, '*');
  const parts = pattern.split(':');
  const isS3 = parts.length >= 6 && fits(parts[2] ?? '', 's3') && [3, 4].every((at) => /^\*?$/.test(parts[at] ?? ''));
  return isS3 ? parts.slice(5).join(':').split('/')[0] : undefined;
}

function arnIn(partition: string, rest: string): string {
  return ['arn', partition, rest].join(':');
}
