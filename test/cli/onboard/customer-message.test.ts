import { messageAsText, messageForCustomer } from '../../../cli/onboard/customer-message.ts';
import type { Diagnosis, Report } from '../../../core/report.ts';
import { deniedReport } from '../reports.ts';

const inbox = { accountId: '222222222222', region: 'us-east-1', bucket: 'inbox', kmsKeyArn: 'arn' };
const event = { customer: 'acme', inbox };
const diagnosed = (...diagnoses: readonly Diagnosis[]): Report => ({ ...deniedReport, diagnoses: [...diagnoses] });

function diagnosis(side: 'customer' | 'service' | undefined, more: Partial<Diagnosis> = {}): Diagnosis {
  return {
    step: 'copy-to-inbox',
    summary: 'Most likely, the policy is silent.',
    denial: { ...(side && { side }) },
    confidence: 'inferred',
    evidence: [],
    candidates: [],
    ...more,
  };
}

test.each<[string, Report, string]>([
  [
    'passed',
    { ...deniedReport, verdict: 'passed', diagnoses: [] },
    'It works: a test object has just arrived in inbox. You have nothing left to do.',
  ],
  [
    'inconclusive',
    { ...deniedReport, verdict: 'inconclusive', diagnoses: [] },
    "We don't know yet whether it works: our check could not be completed, which says nothing about your configuration. We will run it again.",
  ],
  [
    'for the customer to fix',
    diagnosed(
      diagnosis('customer', {
        remedy: { side: 'customer', instruction: 'Add this\nstatement:', statement: { Effect: 'Allow' } },
      }),
    ),
    'It does not work yet.\n\nPlease look at this first, in account 222222222222:\n\nMost likely, the policy is silent.\n\nAdd this statement:\n\n{\n  "Effect": "Allow"\n}',
  ],
  [
    "the customer's for certain",
    diagnosed(diagnosis('customer', { summary: 'The key is disabled.', confidence: 'proven' })),
    'It does not work yet.\n\nTo be changed by you, in account 222222222222:\n\nThe key is disabled.',
  ],
  [
    'both sides’',
    diagnosed(diagnosis('service'), diagnosis('customer')),
    'It does not work yet.\n\nPlease look at this first, in account 222222222222:\n\nMost likely, the policy is silent.\n\nWe have something to change on our side too.',
  ],
  [
    "the customer's, twice",
    diagnosed(diagnosis('customer', { summary: 'One.' }), diagnosis('customer', { summary: 'Two.' })),
    'It does not work yet.\n\nPlease look at this first, in account 222222222222:\n\n1. One.\n\n2. Two.',
  ],
  [
    "the service's",
    diagnosed(diagnosis('service')),
    'It does not work yet, but not because of you: we have to change something on our side first.',
  ],
  [
    'for the service to fix, whichever side denies its role',
    { ...diagnosed(diagnosis(undefined)), deniedStep: 'assume-delivery-role' },
    'It does not work yet, but not because of you: we have to change something on our side first.',
  ],
  [
    "nobody's, as far as is known",
    diagnosed(diagnosis(undefined)),
    `It does not work yet: ${deniedReport.deniedStep} is denied, and AWS does not say by which policy. We are looking into it.`,
  ],
])('a result that is %s is described in lines to paste into an email', (_, report, line) => {
  expect(messageAsText(messageForCustomer(report, event))).toBe(line);
});
