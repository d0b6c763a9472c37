import * as z from 'zod/mini';
import { layers } from './layers.ts';
import { actions, resourceRoles } from './permissions.ts';
import {
  confidences,
  effects,
  evidenceSources,
  lookups,
  namesOf,
  noteKinds,
  permissionStates,
  remedyDocuments,
  sides,
  stepStatuses,
  steps,
  verdicts,
} from './vocabulary.ts';

/**
 * The result of a check. The function itself uses only the types, so that none of this is loaded for a check that
 * passes. The schema is for readers of reports and is published as docs/report.schema.json.
 */

const side = z.enum(namesOf(sides));
const layer = z.enum(namesOf(layers));
const effect = z.enum(namesOf(effects));
const step = z.enum(namesOf(steps));

/** A policy statement to paste; its elements are those of IAM. */
const statement = z.record(z.string(), z.unknown());

const request = z.strictObject({
  operation: z.string(),
  bucket: z.optional(z.string()),
  key: z.optional(z.string()),
  copySource: z.optional(z.string()),
  kmsKeyArn: z.optional(z.string()),
  /** The key that encrypts the object to copy. */
  sourceKmsKeyArn: z.optional(z.string()),
  roleArn: z.optional(z.string()),
  acl: z.optional(z.string()),
  expectedBucketOwner: z.optional(z.string()),
  region: z.string(),
});

/** AWS's answer, verbatim. */
const serviceError = z.strictObject({
  code: z.string(),
  httpStatus: z.optional(z.number()),
  message: z.string(),
  requestId: z.optional(z.string()),
  extendedRequestId: z.optional(z.string()),
  /** The bucket's endpoint, according to S3, if the request was sent elsewhere. */
  endpoint: z.optional(z.string()),
});

const stepResult = z.strictObject({
  step,
  status: z.enum(namesOf(stepStatuses)),
  durationMs: z.number(),
  request: z.optional(request),
  error: z.optional(serviceError),
  /** Why a step was skipped, what is wrong if AWS reported no error, or what was unusual about the step. */
  reason: z.optional(z.string()),
});

const denial = z.strictObject({
  principal: z.optional(z.string()),
  action: z.optional(z.string()),
  resource: z.optional(z.string()),
  /** Set if the step needs this action on several resources, which may have the same ARN. */
  on: z.optional(z.enum(namesOf(resourceRoles))),
  layer: z.optional(layer),
  effect: z.optional(effect),
  side: z.optional(side),
  accountId: z.optional(z.string()),
  policyArn: z.optional(z.string()),
  statement: z.optional(
    z.strictObject({
      policy: z.string(),
      sid: z.optional(z.string()),
      index: z.number(),
      /** Where the statement is, in a document from a file. Lines and columns count from 1. */
      file: z.optional(z.string()),
      line: z.optional(z.number()),
      column: z.optional(z.number()),
    }),
  ),
});

const remedy = z.strictObject({
  /** Absent only if an explained text doesn't show the side. */
  side: z.optional(side),
  /** The account in which the change is made. */
  accountId: z.optional(z.string()),
  document: z.optional(z.enum(namesOf(remedyDocuments))),
  /** The resource whose document it is: a role, bucket or key. */
  target: z.optional(z.string()),
  instruction: z.string(),
  statement: z.optional(statement),
  /** True only if the remedy was applied in a simulation of both accounts and the whole check then passed. */
  verified: z.optional(z.boolean()),
});

const candidate = z.strictObject({
  layer,
  side: z.optional(side),
  action: z.optional(z.string()),
  why: z.string(),
  /** Set if a different statement of the same document may be the missing one. */
  remedy: z.optional(remedy),
});

const diagnosis = z.strictObject({
  step: z.optional(step),
  summary: z.string(),
  denial,
  confidence: z.enum(namesOf(confidences)),
  evidence: z.array(z.strictObject({ source: z.enum(namesOf(evidenceSources)), detail: z.string() })),
  candidates: z.array(candidate),
  remedy: z.optional(remedy),
});

/** The state of one permission that the delivery needs. */
const permission = z.strictObject({
  step,
  action: z.enum(actions),
  on: z.enum(namesOf(resourceRoles)),
  resource: z.optional(z.string()),
  state: z.enum(namesOf(permissionStates)),
  /** The reason for the state. */
  because: z.strictObject({
    /** The step whose answer shows the state, or leaves it open. */
    step: z.optional(step),
    /** The index of a diagnosis in `diagnoses`, counted from zero. */
    diagnosis: z.optional(z.number()),
    /** Set if it was found out beyond the steps. */
    source: z.optional(z.enum(namesOf(evidenceSources))),
  }),
});

/** Worth knowing about the documents, regardless of the verdict. */
const note = z.strictObject({
  kind: z.enum(namesOf(noteKinds)),
  detail: z.string(),
  file: z.optional(z.string()),
  line: z.optional(z.number()),
  column: z.optional(z.number()),
});

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  customer: z.string(),
  verdict: z.enum(namesOf(verdicts)),
  /** The first step that did not pass; absent if every step passed. */
  deniedStep: z.optional(step),
  /** The delivering principal: the session of the delivery role, or the caller. Absent if unknown. */
  principal: z.optional(z.string()),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  steps: z.array(stepResult),
  diagnoses: z.array(diagnosis),
  /** One for each permission that the event tests, in the order in which a delivery needs them. */
  permissions: z.optional(z.array(permission)),
  /** The outcome of looking into CloudTrail; absent if it was not requested or there was nothing to look for. */
  lookupEvents: z.optional(z.enum(namesOf(lookups))),
  /** Set for a preflight only. */
  notes: z.optional(z.array(note)),
});

export type Report = z.infer<typeof reportSchema>;
export type StepResult = z.infer<typeof stepResult>;
export type ServiceError = z.infer<typeof serviceError>;
export type RequestSummary = z.infer<typeof request>;
export type Diagnosis = z.infer<typeof diagnosis>;
export type Denial = z.infer<typeof denial>;
export type Candidate = z.infer<typeof candidate>;
export type Permission = z.infer<typeof permission>;
export type Remedy = z.infer<typeof remedy>;
export type Note = z.infer<typeof note>;
export type Evidence = Diagnosis['evidence'][number];
