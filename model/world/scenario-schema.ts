import * as z from 'zod';
import { patterns } from '../../core/event-rules.ts';
import { layers } from '../../core/layers.ts';
import { type PartRow, type PolicyPartName, partRow, policyPartNames } from '../../core/parts.ts';
import { effects, namesOf, sides, steps, verdicts } from '../../core/vocabulary.ts';
import type { Origin } from '../template/node.ts';
import { withoutProto } from '../text/zod-issues.ts';
import { isGrantOperation, isKeySpec } from './key-spec.ts';
import { keyStates, objectOwnerships, sseAlgorithms } from './world.ts';

/** A scenario file as written. `docs/scenarios.md` explains each field. */

const accountId = z.string().regex(/^\d{12}$/, 'an AWS account id: 12 digits, in quotes');
const region = z.string().regex(patterns.region, 'an AWS Region such as us-east-1');
const kmsKeyArn = z.string().min(1);
const organizationPath = z
  .string()
  .regex(/^o-[a-z0-9]+\/r-[a-z0-9]+\/(?:ou-[a-z0-9]+-[a-z0-9]+\/)*$/, 'a place in an organization: o-…/r-…/ou-…/');

const statement = z.looseObject({ Effect: z.enum(['Allow', 'Deny']) });
const policy = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([z.array(statement), statement]),
});
/** Changes the existing policy instead of replacing it. */
const edit = z.strictObject({ without: z.array(z.string()).optional(), with: z.array(statement).optional() });
const policyOrEdit = z.union([policy, edit], {
  error: 'a policy document, or an edit of one: {without: [Sid], with: [statement]}',
});

type WrittenPolicy = z.infer<typeof policyOrEdit> | readonly z.infer<typeof policyOrEdit>[] | null;
type PolicyField<Path extends string, Part = PolicyPartName> = Part extends `${Path}.${infer Field}`
  ? Field extends `${string}.${string}`
    ? never
    : Field
  : never;

/** The policy fields of a part of a scenario. */
function policiesOf<Path extends string>(path: Path) {
  const fields = policyPartNames
    .filter((part) => part.slice(0, part.lastIndexOf('.')) === path)
    .map((part) => [part.slice(path.length + 1), written(partRow(part)).optional()]);
  return Object.fromEntries(fields) as Record<PolicyField<Path>, z.ZodOptional<z.ZodType<WrittenPolicy>>>;
}

function written({ several, inTemplates, mayBeAbsent }: PartRow): z.ZodType {
  const one = inTemplates ? policyOrEdit : policy;
  if (several) return inTemplates ? z.union([z.array(one), edit]) : z.array(one);
  return mayBeAbsent ? one.nullable() : one;
}

const objectOwnership = z.enum(objectOwnerships);

const defaultEncryption = z.strictObject({
  sseAlgorithm: z.enum(sseAlgorithms),
  kmsKeyArn: kmsKeyArn.optional(),
  bucketKeyEnabled: z.boolean().optional(),
});
const keyState = z.enum(keyStates);

const service = z.strictObject({
  accountId: accountId.optional(),
  region: region.optional(),
  organizationId: z.string().optional(),
  organizationPath: organizationPath.optional(),
  scpReplacesFullAccess: z.boolean().optional(),
  multipartDeliveries: z.boolean().optional(),
  deliveryRole: z
    .strictObject({
      ...policiesOf('service.deliveryRole'),
      tags: z.record(z.string(), z.string()).optional(),
      roleId: z
        .string()
        .regex(/^AROA[A-Z0-9]+$/, "a role's unique id: AROA and capital letters or digits")
        .optional(),
    })
    .optional(),
  checkRole: z.strictObject(policiesOf('service.checkRole')).optional(),
  ...policiesOf('service'),
  vpcEndpoint: z
    .strictObject({ id: z.string().optional(), vpcId: z.string().optional(), clientIp: z.string().optional() })
    .optional(),
  insecureTransport: z.boolean().optional(),
  sourceIp: z.string().optional(),
  internal: z
    .strictObject({
      ...policiesOf('service.internal'),
      objectOwnership: objectOwnership.optional(),
      defaultEncryption: defaultEncryption.optional(),
      kmsKeyState: keyState.optional(),
      movesObjects: z.boolean().optional(),
    })
    .optional(),
});

const customer = z.strictObject({
  accountId: accountId.optional(),
  region: region.optional(),
  organizationId: z.string().optional(),
  organizationPath: organizationPath.optional(),
  template: z.string().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  inbox: z
    .strictObject({
      exists: z.boolean().optional(),
      region: region.optional(),
      ...policiesOf('customer.inbox'),
      objectOwnership: objectOwnership.optional(),
      blockPublicAccess: z
        .strictObject({
          BlockPublicAcls: z.boolean().exactOptional(),
          IgnorePublicAcls: z.boolean().exactOptional(),
          BlockPublicPolicy: z.boolean().exactOptional(),
          RestrictPublicBuckets: z.boolean().exactOptional(),
        })
        .optional(),
      defaultEncryption: defaultEncryption.optional(),
      owner: accountId.optional(),
      requesterPays: z.boolean().optional(),
    })
    .optional(),
  key: z
    .strictObject({
      ...policiesOf('customer.key'),
      state: keyState.optional(),
      spec: z.string().refine(isKeySpec, 'a key spec of AWS KMS such as SYMMETRIC_DEFAULT or RSA_2048').optional(),
      region: region.optional(),
      replicas: z
        .array(z.strictObject({ region, keyPolicy: policyOrEdit.optional(), state: keyState.optional() }))
        .min(1)
        .optional(),
      grants: z
        .array(
          z.strictObject({
            granteePrincipal: z.string(),
            operations: z.array(
              z.string().refine(isGrantOperation, 'an operation of a grant such as GenerateDataKey, without kms:'),
            ),
            constraints: z
              .strictObject({
                EncryptionContextEquals: z.record(z.string(), z.string()).exactOptional(),
                EncryptionContextSubset: z.record(z.string(), z.string()).exactOptional(),
              })
              .optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  ...policiesOf('customer'),
});

const expectedDenial = z.strictObject({
  step: z.enum(namesOf(steps)).optional(),
  action: z.string().optional(),
  resource: z.string().optional(),
  layer: z.enum(namesOf(layers)).optional(),
  effect: z.enum(namesOf(effects)).optional(),
  side: z.enum(namesOf(sides)).optional(),
  accountId: accountId.optional(),
});

export const scenarioSchema = withoutProto(
  z.strictObject({
    name: z.string().min(1),
    why: z.string().min(1),
    service: service.optional(),
    customer: customer.optional(),
    unknown: z.array(z.strictObject({ part: z.string().min(1), needs: z.string().min(1) })).optional(),
    /** Validated when it is parsed as a test event, like any other. */
    event: z.record(z.string(), z.unknown()).optional(),
    expect: z.strictObject({
      verdict: z.enum(namesOf(verdicts)),
      deniedStep: z.enum(namesOf(steps)).optional(),
      denials: z.array(expectedDenial).optional(),
    }),
  }),
);

export type ScenarioFile = z.infer<typeof scenarioSchema>;
export interface UnknownPart {
  readonly part: string;
  readonly needs: string;
  /** The reason, if it is not a missing permission. */
  readonly why?: string;
  readonly origin?: Origin;
}
export type ServicePart = NonNullable<ScenarioFile['service']>;
export type CustomerPart = NonNullable<ScenarioFile['customer']>;
export type ExpectedDenial = z.infer<typeof expectedDenial>;
export type PolicyPart = z.infer<typeof policyOrEdit>;
export type PolicyEdit = z.infer<typeof edit>;
