import * as v from 'valibot';
import type { Problem } from './event-problems.ts';
import { type BrokenRule, brokenRules, type EventDefaults, patterns } from './event-rules.ts';
import { deliveryKinds, diagnosisModes, namesOf } from './vocabulary.ts';

/** A test event as written. Only `customer` and `inbox` are required. */
export interface TestEvent {
  /** Names the customer in reports, in the session of the delivery role and in the test object's key. */
  readonly customer: string;
  readonly inbox: {
    /** 12 digits: the account that owns the bucket. The key may belong to any account. */
    readonly accountId: string;
    readonly region: string;
    readonly bucket: string;
    /** A full key ARN in the bucket's Region. S3 would look up an alias or a key ID in the wrong account. */
    readonly kmsKeyArn: string;
    /** Empty or absent for the whole bucket, else it ends in a slash. */
    readonly prefix?: string | undefined;
    readonly acl?: 'bucket-owner-full-control' | undefined;
  };
  readonly internal?: { readonly bucket?: string | undefined; readonly kmsKeyArn?: string | undefined } | undefined;
  readonly deliveryRoleArn?: string | undefined;
  /** How the object is delivered. @default 'copy' */
  readonly delivery?: 'copy' | 'multipart' | undefined;
  /** Absent for all steps. A single step runs in isolation. */
  readonly steps?: readonly ('put-internal' | 'copy-to-inbox')[] | undefined;
  readonly diagnosis?: 'none' | 'service-account' | 'full' | undefined;
  /** True to look for a denied KMS request in CloudTrail too, within the function's time limit. */
  readonly lookupEvents?: boolean | undefined;
}

/** The steps that an event may request; the others run along with them. */
const isolatableSteps = ['put-internal', 'copy-to-inbox'] as const;

/** Rejects lists, which would otherwise count as objects without fields. */
const objectOf = <Fields extends v.ObjectEntries>(fields: Fields) =>
  v.pipe(
    v.custom<unknown>((value) => !Array.isArray(value)),
    v.strictObject(fields),
  );

const matching = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern));

const testEventSchema: v.GenericSchema<unknown, TestEvent> = objectOf({
  customer: matching(patterns.customer),
  inbox: objectOf({
    accountId: matching(patterns.accountId),
    region: matching(patterns.region),
    bucket: matching(patterns.bucket),
    kmsKeyArn: matching(patterns.kmsKeyArn),
    prefix: v.optional(matching(patterns.prefix)),
    acl: v.optional(v.literal('bucket-owner-full-control')),
  }),
  internal: v.optional(
    objectOf({
      bucket: v.optional(matching(patterns.bucket)),
      kmsKeyArn: v.optional(matching(patterns.kmsKeyArn)),
    }),
  ),
  deliveryRoleArn: v.optional(matching(patterns.roleArn)),
  delivery: v.optional(v.picklist(namesOf(deliveryKinds))),
  steps: v.optional(v.pipe(v.array(v.picklist(isolatableSteps)), v.minLength(1))),
  diagnosis: v.optional(v.picklist(namesOf(diagnosisModes))),
  lookupEvents: v.optional(v.boolean()),
});

type ParsedEvent =
  | { readonly valid: true; readonly event: TestEvent }
  /** Everything that is wrong with the event, by path. */
  | { readonly valid: false; readonly problems: readonly Problem[] };

/**
 * Reads one test event. The messages for an invalid event are in a separate file, which is not loaded for a valid
 * one.
 */
export async function parseTestEvent(input: unknown, defaults: EventDefaults): Promise<ParsedEvent> {
  const parsed = v.safeParse(testEventSchema, input);
  const broken: readonly BrokenRule[] = brokenRules(input, defaults);
  if (parsed.success && broken.length === 0) return { valid: true, event: parsed.output };
  const { problemsOf } = await import('./event-problems.ts');
  const paths = (parsed.issues ?? []).map((issue) => (issue.path ?? []).map((item) => item.key as string | number));
  return { valid: false, problems: problemsOf(input, paths, broken) };
}
