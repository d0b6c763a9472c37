import * as z from 'zod/mini';
import { reportSchema } from '../../core/report.ts';
import { confidences, namesOf } from '../../core/vocabulary.ts';
import { slotNames, slots } from '../../model/preflight/slots.ts';
import { policyKinds } from '../../policy/policy-kinds.ts';

const described = <T extends z.ZodMiniType>(schema: T, description: string): T => schema.check(z.describe(description));

const document = z.union([z.string(), z.record(z.string(), z.unknown())]);

const testEvent = described(
  document,
  'The test event: an object with customer and inbox (accountId, region, bucket, kmsKeyArn, prefix), or its text',
);

export const reports = z.object({
  reports: z.array(reportSchema),
  /** Other output of the command. */
  message: z.optional(z.string()),
});

export const explainInput = z.object({
  text: described(
    z.string(),
    'An error message of AWS as any SDK or CLI wraps it, a log line, a CloudTrail event, a CloudWatch alarm, or a report',
  ),
});

/** An entry of a report's diagnoses. One from a text may have fewer fields. */
export const explained = z.object({
  diagnosis: z.looseObject({ summary: z.string(), confidence: z.enum(namesOf(confidences)) }),
  message: z.optional(z.string()),
});

const givenNames = new Set(Object.values(policyKinds).map(({ given: [name] }) => name));

export const simulateInput = z.object({
  cases: described(
    z.array(z.record(z.string(), z.unknown())),
    'Decision cases: {id, request: {principal, action, resource, resourceAccount, context, unknown}, policies: ' +
      `{${[...givenNames].join(', ')}, grants}, settings}`,
  ),
});

export const simulated = z.object({
  decisions: z.array(z.looseObject({ id: z.string() })),
  message: z.optional(z.string()),
});

const policies = Object.fromEntries(
  slotNames.map((name) => {
    const { title, several } = slots[name];
    const one = several ? z.union([document, z.array(document)]) : document;
    return [name, z.optional(described(one, `${title}${several ? ', or several' : ''}: the object, or its text`))];
  }),
);

export const preflightInput = z.object({
  ...policies,
  event: z.optional(testEvent),
  inboxTemplate: z.optional(described(z.string(), "The text of the customer's own CloudFormation template")),
  parameters: z.optional(described(z.record(z.string(), z.string()), 'Parameters of that template')),
});

export const scenariosInput = z.object({
  filter: z.optional(described(z.string(), 'Only scenarios with this text in their path or name')),
});

export const scenarioList = z.object({
  scenarios: z.array(
    z.object({
      scenario: z.string(),
      name: z.string(),
      why: z.string(),
      verdict: z.string(),
      deniedStep: z.optional(z.string()),
    }),
  ),
});

/** @param places where the user allows the check to run */
export function checkInput(places: readonly ['sandbox', ...string[]]) {
  return z.object({
    event: z.optional(testEvent),
    scenario: z.optional(described(z.string(), 'For the sandbox: a scenario that sandbox_scenarios lists')),
    where: z.optional(described(z.enum(places), 'Where the check runs; by default in the sandbox')),
  });
}
