import * as z from 'zod';
import { arnExamples } from '../../core/arn.ts';
import { withoutProto } from '../../model/world/strict-keys.ts';

/** A decision case as it is written: `docs/simulate.md` explains each field. */

const text = z.string().min(1);
const arn = z.string().regex(/^arn:[^:]+:[^:]+:/, `an ARN, such as ${arnExamples.role}`);
const accountId = z.string().regex(/^\d{12}$/, 'an AWS account id: 12 digits, in quotes');
const value = z.union([z.string(), z.array(z.string()), z.number(), z.boolean()], {
  error: 'a text, a number, a boolean, or a list of texts',
});

const elements = {
  Sid: z.string().optional(),
  Principal: z.unknown().optional(),
  NotPrincipal: z.unknown().optional(),
  Action: z.unknown().optional(),
  NotAction: z.unknown().optional(),
  Resource: z.unknown().optional(),
  NotResource: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
};
const statement = z
  .strictObject({ Effect: z.enum(['Allow', 'Deny']), ...elements })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), {
    error: 'one of Action and NotAction, and not both',
  });
const document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([z.array(statement), statement]),
});
const named = z.strictObject({ name: text, arn: text.optional(), document });
const policy = z.union([named, document]);

const grant = z.strictObject({
  granteePrincipal: text,
  operations: z.array(text),
  constraints: z
    .strictObject({
      EncryptionContextEquals: z.record(z.string(), z.string()).optional(),
      EncryptionContextSubset: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

export const decisionCase = withoutProto(
  z.strictObject({
    id: z.union([z.string(), z.number()]).optional(),
    name: z.string().optional(),
    source: z.string().optional(),
    request: z.strictObject({
      principal: arn,
      role: arn.optional(),
      userId: z.string().optional(),
      action: z
        .string()
        .regex(/^(?:s3|kms|sts):[A-Za-z]+$/i, 'an action of s3, kms or sts, such as s3:PutObject, without wildcards'),
      resource: text,
      resourceAccount: accountId,
      context: z.record(z.string(), value).optional(),
      unknown: z.array(text).optional(),
    }),
    policies: z.strictObject({
      identity: z.array(policy).optional(),
      permissionsBoundary: policy.optional(),
      session: document.optional(),
      serviceControl: z.array(policy).optional(),
      resourceControl: z.array(policy).optional(),
      vpcEndpoint: document.optional(),
      resource: document.optional(),
      grants: z.array(grant).optional(),
    }),
    settings: z
      .strictObject({
        restrictPublicBuckets: z.boolean().optional(),
        fullAwsAccess: z.boolean().optional(),
        gatewayEndpoint: z.boolean().optional(),
      })
      .optional(),
    expect: z.enum(['allowed', 'denied', 'unknown']).optional(),
  }),
);

export type DecisionCase = z.infer<typeof decisionCase>;
export type CasePolicy = z.infer<typeof policy>;
