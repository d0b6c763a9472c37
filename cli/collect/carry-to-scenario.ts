import { type PolicyPartName, parts } from '../../core/parts.ts';
import type { Side } from '../../core/vocabulary.ts';
import type { DefaultEncryption, KeyState, PolicyDocument } from '../../model/world/world.ts';
import { type PolicyKind, policyErrors } from '../../policy/grammar.ts';
import type { BucketFacts, BucketSettings } from './gather-bucket.ts';
import type { KeyFacts } from './gather-key.ts';
import type { OrganizationFacts } from './gather-organization.ts';
import type { Portable } from './portable-names.ts';
import { all, mapped, type ReadResult, type UnknownParts } from './read-results.ts';

/** Transfers what was read to a scenario, part by part. Parts that can't be transferred are listed as unknown. */
export class Carry {
  constructor(
    readonly portable: Portable,
    readonly unknown: UnknownParts,
    private readonly callerIsTagged: boolean,
  ) {}

  policy(part: string, reading: ReadResult<PolicyDocument>): PolicyDocument | undefined {
    return this.unknown.take(part, this.#carried(part, reading));
  }

  /** @returns null if there is none */
  policyOrNone(part: string, reading: ReadResult<PolicyDocument | undefined>): PolicyDocument | null | undefined {
    if (reading.kind === 'read' && reading.value === undefined) return null;
    return this.policy(part, reading as ReadResult<PolicyDocument>);
  }

  policies(part: string, reading: ReadResult<readonly PolicyDocument[]>): readonly PolicyDocument[] | undefined {
    if (reading.kind === 'unread') return this.unknown.take(part, reading);
    return this.unknown.take(part, all(reading.value.map((one) => this.#carried(part, { kind: 'read', value: one }))));
  }

  organization(side: Side, { id, serviceControlPolicies, resourceControlPolicies }: OrganizationFacts) {
    return {
      organizationId: this.unknown.take(`${side}.organizationId`, id),
      serviceControlPolicies: this.policies(`${side}.serviceControlPolicies`, serviceControlPolicies),
      resourceControlPolicies: this.policies(`${side}.resourceControlPolicies`, resourceControlPolicies),
    };
  }

  /** @returns undefined if the key is missing, or its state can't be expressed in a scenario */
  keyState(part: string, { metadata }: KeyFacts): KeyState | undefined {
    const description = this.unknown.take(part, metadata);
    if (description === undefined || description === 'missing') return undefined;
    if (description.state !== 'other') return description.state;
    this.unknown.add(part, 'kms:DescribeKey', 'KMS names a state of the key that is not known here');
    return undefined;
  }

  /** The fields of a bucket on either side; `path` is `service.internal` or `customer.inbox`. */
  bucket(path: string, { settings }: BucketFacts) {
    if (!settings) return {};
    const bucketPolicy = this.policyOrNone(`${path}.bucketPolicy`, settings.policy);
    const objectOwnership = this.unknown.take(`${path}.objectOwnership`, settings.objectOwnership);
    const defaultEncryption = this.unknown.take(`${path}.defaultEncryption`, this.#encryption(settings));
    return { bucketPolicy, objectOwnership, defaultEncryption };
  }

  #encryption({ defaultEncryption }: BucketSettings): ReadResult<DefaultEncryption> {
    return mapped(defaultEncryption, (encryption) => this.portable.of(encryption));
  }

  #carried(part: string, reading: ReadResult<PolicyDocument>): ReadResult<PolicyDocument> {
    return reading.kind === 'unread' ? reading : carried(part, reading.value, this.portable, this.callerIsTagged);
  }
}

/** Condition keys about roles, buckets and keys that a scenario can't express. */
const notInScenarios: readonly { readonly asked: RegExp; readonly what: string }[] = [
  { asked: /kms:ResourceAliases/i, what: 'the aliases of keys' },
  { asked: /kms:MultiRegion|kms:KeyOrigin/i, what: 'where a key and its material come from' },
  { asked: /aws:(?:Principal|Resource)OrgPaths/i, what: 'organizational units' },
  { asked: /aws:ResourceTag\/|s3:BucketTag\//i, what: 'the tags of buckets and keys' },
];

const tagsOfPrincipals = /aws:PrincipalTag\//i;

/**
 * A policy with a scenario's placeholders, if it means the same there as in AWS.
 *
 * @param callerIsTagged whether the delivering role has tags, which a scenario can't express
 */
function carried(
  part: string,
  document: PolicyDocument,
  portable: Portable,
  callerIsTagged: boolean,
): ReadResult<PolicyDocument> {
  const { kind, readBy } = parts[part as PolicyPartName];
  const reason = whyNot(kind, document, portable, callerIsTagged);
  // The user may read a policy that a scenario can't express, and can judge it.
  if (reason !== undefined) return { kind: 'unread', needs: readBy, reason };
  return { kind: 'read', value: portable.of(document) };
}

function whyNot(
  kind: PolicyKind,
  document: PolicyDocument,
  portable: Portable,
  callerIsTagged: boolean,
): string | undefined {
  const text = JSON.stringify(document);
  const asked = notInScenarios.find((condition) => condition.asked.test(text));
  if (asked) return `it looks at ${asked.what}, which a scenario does not hold`;
  if (callerIsTagged && tagsOfPrincipals.test(text)) {
    return 'it looks at the tags of the role, which a scenario does not hold';
  }
  const lost = portable.lostMeaning(document);
  if (lost !== undefined) return `${JSON.stringify(lost)} matches by name, and in a scenario the name is another`;
  const [error] = [document.Statement].flat().length === 0 ? [] : policyErrors(kind, document, { anyNames: true });
  return error;
}
