/**
 * The closed sets of words for events, reports, scenarios and documentation.
 *
 * Every other file derives its types, schemas and tables from these objects, so that each word is defined once.
 */

/** Names in lines, as the documentation lists them. */
export function names(list: string): readonly string[] {
  return list.trim().split(/\s+/);
}

/** The layers that can deny a request or make it fail. */
export type { Layer } from './layers.ts';

/** The steps of a check, in order. */
export const steps = {
  'assume-delivery-role': 'Assume the role that delivers real reports, with a session limited to one customer.',
  'put-internal': "Store a test object in the service's internal bucket, encrypted with its KMS key.",
  'copy-to-inbox': "Copy the test object to the customer's Secure Inbox, encrypted with its KMS key.",
  'verify-delivery': 'Compare how S3 says it encrypted the delivered object with what was requested.',
  'clean-up': 'Delete the test object from the internal bucket.',
} as const;
export type Step = keyof typeof steps;

export const stepStatuses = {
  passed: 'The step did what it should.',
  denied: 'An authorization layer denied it.',
  failed: 'It failed for any other reason.',
  skipped: 'It was not attempted. The reason says why.',
} as const;
export type StepStatus = keyof typeof stepStatuses;

export const verdicts = {
  passed: 'A real report would be delivered.',
  denied: 'A permission is missing or denied.',
  misconfigured: 'The requests are authorized, but a bucket, key or Region is not set up as it must be.',
  inconclusive: "The check could not be completed. This says nothing about the customer's configuration.",
} as const;
export type Verdict = keyof typeof verdicts;

/** The side that has to change something. */
export const sides = {
  service: 'Account A, which delivers reports.',
  customer: 'Account B, which owns the Secure Inbox.',
} as const;
export type Side = keyof typeof sides;

/** `customer (Account B, 222222222222)`. */
export function sideAndAccount(side: Side, accountId: string | undefined): string {
  const account = side === 'service' ? 'Account A' : 'Account B';
  return `${side} (${accountId ? `${account}, ${accountId}` : sides[side].replace(/\.$/, '')})`;
}

interface OfASide {
  readonly side?: Side | undefined;
}

/**
 * The side that must act on a diagnosis: the owner of what the remedy changes, otherwise of what denied the request.
 */
export function sideToAct(diagnosis: {
  readonly denial: OfASide;
  readonly remedy?: OfASide | undefined;
}): Side | undefined {
  return diagnosis.remedy?.side ?? diagnosis.denial.side;
}

export const effects = {
  implicit: 'Nothing allows the request.',
  explicit: 'A Deny statement denies it.',
} as const;
export type Effect = keyof typeof effects;

export const confidences = {
  proven: 'The evidence leaves one explanation.',
  inferred: 'The most likely of several explanations; the others are listed as candidates.',
  unknown: 'The evidence does not favor one explanation.',
} as const;
export type Confidence = keyof typeof confidences;

export const evidenceSources = {
  'service-message': 'What AWS answered.',
  'policy-simulator': 'iam:SimulatePrincipalPolicy, asked about our own role.',
  'key-metadata': 'kms:DescribeKey.',
  probe: 'Another request, made to see what changes.',
  cloudtrail: "An event of our own account's CloudTrail.",
  'policy-analysis': 'A policy document that we hold.',
} as const;
export type EvidenceSource = keyof typeof evidenceSources;

/** The kinds of notes, which never change a verdict. */
export const noteKinds = {
  contradiction: 'Two of the given documents contradict each other.',
  unknown: 'Something that matters for this delivery and could not be read.',
  'beyond-need': 'A document allows something that no delivery needs.',
  assumed: 'A value that was not given, and was assumed.',
} as const;
export type NoteKind = keyof typeof noteKinds;

/** The states of a permission of the delivery. */
export const permissionStates = {
  allowed: 'AWS allowed it, or an answer proves that it would.',
  denied: 'AWS denied it, or an answer proves that it would.',
  'likely-denied': 'The most likely of several explanations says so.',
  'possibly-denied': 'One of the explanations that were not ruled out says so.',
  unknown: "AWS's answers say nothing of it.",
} as const;

/** How much a check may do to explain a denial. */
export const diagnosisModes = {
  none: 'Report what AWS answered and nothing more.',
  'service-account':
    "Also ask AWS about our own account and about the keys; the customer's bucket sees no further request.",
  full: "Also send harmless variations of the delivery to the customer's bucket.",
} as const;
export type DiagnosisMode = keyof typeof diagnosisModes;

/** How the object gets into the inbox. CopyObject accepts objects of up to 5 GB. */
export const deliveryKinds = {
  copy: 'One CopyObject, as for reports of up to 5 GB.',
  multipart: 'A multipart upload whose parts are copied, as for larger reports.',
} as const;
export type DeliveryKind = keyof typeof deliveryKinds;

/** The outcomes of looking for a denied request in CloudTrail. If there are several, the first in this order counts. */
export const lookups = {
  'not-yet':
    'Nothing that is known to be the refused request was there in the time that there was. CloudTrail lags by minutes, so that tells nothing.',
  'not-asked': 'CloudTrail could not be asked; the evidence says why.',
  'not-there': 'CloudTrail has the other requests of this check, and no denied request to KMS.',
  found: 'The refused request is there; the evidence says what it tells.',
} as const;
export type Lookup = keyof typeof lookups;

/** The document that a remedy changes. */
export const remedyDocuments = {
  'identity-policy': 'A policy of the delivery role',
  'role-trust-policy': "The delivery role's trust policy",
  'bucket-policy': 'The bucket policy',
  'key-policy': 'The key policy',
} as const;
export type RemedyDocument = keyof typeof remedyDocuments;

/** The names of a closed set, in order, as the non-empty tuple that schema libraries require. */
export function namesOf<T extends string>(set: Readonly<Record<T, unknown>>): readonly [T, ...T[]] {
  return Object.keys(set) as [T, ...T[]];
}
