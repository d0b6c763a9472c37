import type { DefaultEncryption, KeyState, PolicyDocument } from '../../model/world/world.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import { carried } from './carried-policy.ts';
import type { BucketFacts, BucketSettings } from './gather-bucket.ts';
import type { KeyFacts } from './gather-key.ts';
import type { Portable } from './portable.ts';
import { all, mapped, type ReadResult, type UnknownParts } from './reading.ts';

/** Brings what was read into a scenario, part by part; what it can't bring is then on the list of unknown parts. */
export class Carry {
  constructor(
    readonly portable: Portable,
    readonly unknown: UnknownParts,
    private readonly callerIsTagged: boolean,
  ) {}

  policy(part: string, kind: PolicyKind, reading: ReadResult<PolicyDocument>): PolicyDocument | undefined {
    return this.unknown.take(part, this.#carried(kind, reading));
  }

  /** @returns null where there is none */
  policyOrNone(
    part: string,
    kind: PolicyKind,
    reading: ReadResult<PolicyDocument | undefined>,
  ): PolicyDocument | null | undefined {
    if (reading.kind === 'read' && reading.value === undefined) return null;
    return this.policy(part, kind, reading as ReadResult<PolicyDocument>);
  }

  policies(
    part: string,
    kind: PolicyKind,
    reading: ReadResult<readonly PolicyDocument[]>,
  ): readonly PolicyDocument[] | undefined {
    if (reading.kind === 'unread') return this.unknown.take(part, reading);
    return this.unknown.take(part, all(reading.value.map((one) => this.#carried(kind, { kind: 'read', value: one }))));
  }

  /** @returns undefined where the key is missing, or in a state that a scenario does not know */
  keyState(part: string, { metadata }: KeyFacts): KeyState | undefined {
    const description = this.unknown.take(part, metadata);
    if (description === undefined || description === 'missing') return undefined;
    if (description.state !== 'other') return description.state;
    this.unknown.add(part, 'kms:DescribeKey', 'KMS names a state of the key that is not known here');
    return undefined;
  }

  /** What buckets of both sides have; `path` is `service.internal` or `customer.inbox`. */
  bucket(path: string, { settings }: BucketFacts) {
    if (!settings) return {};
    const bucketPolicy = this.policyOrNone(`${path}.bucketPolicy`, 'bucket-policy', settings.policy);
    const objectOwnership = this.unknown.take(`${path}.objectOwnership`, settings.objectOwnership);
    const defaultEncryption = this.unknown.take(`${path}.defaultEncryption`, this.#encryption(settings));
    return { bucketPolicy, objectOwnership, defaultEncryption };
  }

  #encryption({ defaultEncryption }: BucketSettings): ReadResult<DefaultEncryption> {
    return mapped(defaultEncryption, (encryption) => this.portable.of(encryption));
  }

  #carried(kind: PolicyKind, reading: ReadResult<PolicyDocument>): ReadResult<PolicyDocument> {
    return reading.kind === 'unread' ? reading : carried(kind, reading.value, this.portable, this.callerIsTagged);
  }
}
