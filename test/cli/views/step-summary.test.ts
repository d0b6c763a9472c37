import type { JobOutcome } from '../../../cli/run/job.ts';
import { renderStepSummary } from '../../../cli/views/step-summary.ts';
import type { Report } from '../../../core/report.ts';
import { bucketPolicyDiagnosis, deniedReport, passedReport } from '../reports.ts';

function outcomeOf(title: string, report: Report): JobOutcome {
  return { job: { title, event: {} }, answer: { kind: 'reports', reports: [report], batch: false }, log: [] };
}

test('a row for each report, and a section for what did not pass', () => {
  const failed: JobOutcome = {
    job: { title: 'c.json', event: {} },
    answer: { kind: 'invalid-event', message: 'The test event is invalid:\n- inbox: is missing' },
    log: [],
  };
  const text = renderStepSummary([
    outcomeOf('a.json', passedReport),
    outcomeOf('b.json', { ...deniedReport, customer: 'globex' }),
    failed,
  ]);
  expect(text).toMatchInlineSnapshot(`
"## Secure Inbox configuration check

| verdict | customer | step | took | because |
| --- | --- | --- | ---: | --- |
| ✓ passed | acme |  | 151 ms |  |
| ✗ denied | globex | copy-to-inbox | 151 ms | Most likely the bucket policy does not allow secure-inbox-delivery to s3:PutObject. |
| &#33; no report | c.json |  |  | The test event is invalid: |

### globex: denied at copy-to-inbox

A permission is missing or denied.

1. **Most likely the bucket policy does not allow secure-inbox-delivery to s3:PutObject.**

   inferred: The most likely of several explanations; the others are listed as candidates.

   What to do (customer, account 222222222222): Add this statement to the bucket policy of inbox:

   \`\`\`json
   {
     "Sid": "AllowDelivery",
     "Effect": "Allow",
     "Action": "s3:PutObject",
     "Resource": "arn:aws:s3:::inbox/*"
   }
   \`\`\`

   It may also be:

   - resource-control-policy: S3 says the same
"
`);
});

test('nothing from a report is mistaken for Markdown or HTML', () => {
  const hostile = '<img src=x onerror=alert(1)> | [x](http://x) `code` **b** # h\n| --- |';
  const statement = { Sid: '````', Effect: 'Allow' };
  const diagnosis = { ...bucketPolicyDiagnosis, summary: hostile };
  const text = renderStepSummary([
    outcomeOf('b.json', {
      ...deniedReport,
      customer: hostile,
      diagnoses: [{ ...diagnosis, remedy: { side: 'customer', instruction: hostile, statement } }],
    }),
  ]);
  const [prose = '', pasted = ''] = text.split('`````json');
  expect(prose).not.toMatch(/<img|\[x\]|`code`|\*\*b\*\*/);
  expect(prose.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
  expect(pasted).toContain('"Sid": "````"');
});

test('is never longer than there is room, and says that something is left out', () => {
  const many = Array.from({ length: 50 }, (_, at) =>
    outcomeOf(`${at}.json`, { ...deniedReport, customer: `customer-${at}` }),
  );
  const whole = renderStepSummary(many);
  const room = Math.floor(Buffer.byteLength(whole) / 2);
  const text = renderStepSummary(many, room);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(room);
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  expect(last).toMatch(/\w/);
  expect(whole).not.toContain(last);
  expect(renderStepSummary(many, 10)).toBe('');
});
