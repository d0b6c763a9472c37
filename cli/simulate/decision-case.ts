import * as z from 'zod';
import { arnExamples, arnPattern } from '../../core/arn.ts';
import { withoutProto } from '../../model/text/zod-issues.ts';
import { type GivenAsOf, type PolicyKind, policyKinds } from '../../policy/policy-kinds.ts';

/** A decision case as written. `docs/simulate.md` explains each field. */

function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `there is no such field; allowed: ${names}` : undefined),
  });
}

const text = z.string().min(1);
const account = /\d{12}/.source;
const principal = z
  .string()
  .regex(
    arnPattern(
      new RegExp(`(?:sts::${account}:(?:assumed-role|federated-user)/.+|iam::${account}:(?:(?:user|role)/.+|root))`),
    ),
    `the ARN of a session, a federated user, a user or a root user, or of a role for any of its sessions, such as ${arnExamples.role}`,
  );
const role = z
  .string()
  .regex(arnPattern(new RegExp(`iam::${account}:(?:role|user)/.+`)), `the ARN of a role, such as ${arnExamples.role}`);
const accountId = z.string().regex(/^\d{12}$/, 'an AWS account id: 12 digits, in quotes');
const single = z.union([z.string(), z.number(), z.boolean()], { error: 'a text, a number or a boolean' });
const value = z.union([single, z.array(single)], { error: 'a text, a number, a boolean, or a list of them' });
const texts = z.union([z.string(), z.array(z.string())], { error: 'a text, or a list of texts' }).optional();

const elements = {
  Sid: z.string().optional(),
  Principal: z.unknown().optional(),
  NotPrincipal: z.unknown().optional(),
  Action: texts,
  NotAction: texts,
  Resource: texts,
  NotResource: texts,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
};
const statement = fields({ Effect: z.enum(['Allow', 'Deny']), ...elements }).refine(
  ({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined),
  {
    error: 'one of Action and NotAction, and not both',
  },
);
const document = fields({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([z.array(statement), statement]),
});
const named = fields({ name: text, arn: text.optional(), document });
const policy = z.union([named, document], { error: 'a policy document, or {name, arn, document}' });

const grant = fields({
  granteePrincipal: text,
  operations: z.array(text),
  constraints: fields({
    EncryptionContextEquals: z.record(z.string(), z.string()).optional(),
    EncryptionContextSubset: z.record(z.string(), z.string()).optional(),
  }).optional(),
});

const forms = { list: z.array(policy).optional(), named: policy.optional(), document: document.optional() };
const given = Object.fromEntries(Object.values(policyKinds).map(({ given: [name, form] }) => [name, forms[form]])) as {
  [Kind in PolicyKind as GivenAsOf<Kind>[0]]: (typeof forms)[GivenAsOf<Kind>[1]];
};

export const decisionCase = withoutProto(
  fields({
    id: z.union([z.string(), z.number()], { error: 'a text or a number' }).optional(),
    name: z.string().optional(),
    source: z.string().optional(),
    request: fields({
      principal,
      role: role.optional(),
      userId: z.string().optional(),
      action: z
        .string()
        .regex(/^(?:s3|kms|sts):[A-Za-z]+$/i, 'an action of s3, kms or sts, such as s3:PutObject, without wildcards'),
      resource: z.string().regex(/^(?:\*$|arn:)/, 'an ARN, or "*" for an action that is on no resource'),
      resourceAccount: accountId,
      context: z.record(z.string(), value).optional(),
      unknown: z.array(text).optional(),
    }),
    policies: fields({
      ...given,
      grants: z.array(grant).optional(),
    }),
    settings: fields({
      restrictPublicBuckets: z.boolean().optional(),
      fullAwsAccess: z.boolean().optional(),
      gatewayEndpoint: z.boolean().optional(),
    }).optional(),
    expect: z.enum(['allowed', 'denied', 'unknown']).optional(),
  }),
);

export type DecisionCase = z.infer<typeof decisionCase>;
export type CasePolicy = z.infer<typeof policy>;
