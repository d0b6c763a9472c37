import { renderExplanations } from '../../../../cli/views/terminal/explanation.ts';
import { pageFor } from '../../../../cli/views/terminal/page.ts';
import type { Diagnosis } from '../../../../core/report.ts';
import { explained } from '../../explain/explained.ts';
import { bucketPolicyDiagnosis } from '../../reports.ts';

const rendered = (text: string, width = 100) => renderExplanations(explained(text), pageFor(width, false));

function inOrder(text: string, ...parts: string[]): void {
  const places = parts.map((part) => text.replace(/\s+/g, ' ').indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((one, other) => one - other));
}

test("two words: what they may mean, what they probably don't mean, then the command that finds out", () => {
  inOrder(
    rendered('An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied'),
    "AWS doesn't say by which policy",
    'KMS key is an unlikely cause',
    'It may be',
    '- bucket-policy',
    '- identity-policy',
    'What to do',
    'secure-inbox check --event EVENT.json --local',
  );
});

test('a named layer: what was denied, by what, on which side, the statement to paste, then other causes', () => {
  const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
  const text = rendered(
    `User: arn:aws:sts::111111111111:assumed-role/delivery/s is not authorized to perform: kms:GenerateDataKey on ` +
      `resource: ${key} because no resource-based policy allows the kms:GenerateDataKey action`,
  );
  inOrder(
    text,
    'refused kms:GenerateDataKey on',
    'to arn:aws:sts::111111111111:assumed-role/delivery/s',
    'by key-policy, implicit',
    'customer (Account B, 222222222222)',
    'confidence inferred',
    'What to do, by the customer',
    '"Principal": { "AWS": "arn:aws:iam::111111111111:role/delivery" }',
    'If it is not that, it may be',
    'identity-policy',
  );
});

test('no denial is one line, and a text that is not understood gets a hint', () => {
  expect(rendered('RequestTimeTooSkewed')).toBe(
    'The caller’s clock is wrong: it says nothing about permissions. Set it right and try again.\n',
  );
  expect(rendered('hello')).toBe(
    'The text tells of no denial that is known here.\n`secure-inbox explain --help` shows what can be explained.\n',
  );
});

test('in a batch, each customer is named once, and the number of denials is limited', () => {
  const diagnoses = Array.from(
    { length: 12 },
    (_, at): Diagnosis => ({ ...bucketPolicyDiagnosis, summary: `No. ${at}` }),
  );
  const report = (customer: string) => ({ customer, verdict: 'denied', steps: [], diagnoses });
  const text = rendered(JSON.stringify({ reports: [report('acme'), report('other')] }));
  expect(text.match(/^(acme|other)$/gm)).toEqual(['acme', 'other']);
  expect(text.match(/^ {2}(\d+)\. No\. /gm)).toHaveLength(20);
  expect(text).toMatch(/\n\n {2}Not shown: 4 further denials\.\n$/);
});

test('hidden characters of a text are shown but not interpreted, and lines are as narrow as possible', () => {
  const text = rendered('AccessDenied: Access Denied \u001b[2J\u009b\u202e', 60);
  for (const hidden of ['\u001b', '\u009b', '\u202e']) expect(text).not.toContain(hidden);
  expect(text).toContain('\\u001b[2J');
  for (const line of text.split('\n')) expect(line.length <= 60 || !line.trim().includes(' ')).toBe(true);
});
