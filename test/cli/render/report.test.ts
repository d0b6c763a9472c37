import { pageFor } from '../../../cli/render/page.ts';
import { renderReport } from '../../../cli/render/report.ts';
import type { Report } from '../../../lambda/customer_configuration_check/report.ts';
import { bucketPolicyDiagnosis, deniedReport, passedReport } from '../reports.ts';

const plain = (width: number) => pageFor(width, false);

test('a passed report', () => {
  expect(renderReport(passedReport, plain(100))).toMatchInlineSnapshot(`
"✓ acme: passed. A real report would be delivered.

  as  arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme

  ✓ assume-delivery-role  passed      20 ms
  ✓ put-internal          passed      61 ms
  ✓ copy-to-inbox         passed      58 ms
  ✓ verify-delivery       passed       0 ms
  ✓ clean-up              passed      12 ms

  Account A 111111111111                    Account B 222222222222
  ┌──────────────────────────────┐          ┌────────────────────────┐
  │ the check                    │          │                        │
  │   │ ✓ assume-delivery-role   │          │                        │
  │   ▼                          │          │                        │
  │ secure-inbox-delivery        │          │                        │
  │   │ ✓ put-internal           │          │                        │
  │   ▼                          │          │                        │
  │ internal bucket ─────────────┼─── ✓ ───►│ Secure Inbox           │
  └──────────────────────────────┘          └────────────────────────┘
"
`);
});

test('a denied report says what to do, and who does it', () => {
  expect(renderReport(deniedReport, plain(100))).toMatchInlineSnapshot(`
"✗ acme: denied at copy-to-inbox. A permission is missing or refused.

  as  arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme

  ✓ assume-delivery-role  passed      20 ms
  ✓ put-internal          passed      61 ms
  ✗ copy-to-inbox         denied      58 ms  AccessDenied, HTTP 403
  · verify-delivery       skipped            nothing was delivered
  ✓ clean-up              passed      12 ms

  Account A 111111111111                    Account B 222222222222
  ┌──────────────────────────────┐          ┌────────────────────────┐
  │ the check                    │          │                        │
  │   │ ✓ assume-delivery-role   │          │                        │
  │   ▼                          │          │                        │
  │ secure-inbox-delivery        │          │                        │
  │   │ ✓ put-internal           │          │                        │
  │   ▼                          │          │                        │
  │ internal bucket ─────────────┼─── ✗ ───►│ Secure Inbox           │
  └──────────────────────────────┘          └────────────────────────┘
  ✗ copy-to-inbox denied: s3:PutObject

  AWS answered to copy-to-inbox: CopyObject in us-east-1
  │ Access Denied

  1. Most likely the bucket policy does not allow secure-inbox-delivery to s3:PutObject.
     step        copy-to-inbox
     refused     s3:PutObject on arn:aws:s3:::inbox/reports/configuration-check/test-object.json
     by          bucket-policy, implicit (The policy of a bucket. Nothing allows the request.);
                 customer (Account B, 222222222222)
     confidence  inferred. The most likely of several explanations; the others are listed as
                 candidates.
     evidence    service-message: A bare Access Denied

     What to do, by the customer (Account B, 222222222222)
     Add this statement to the bucket policy of inbox:

     {
       "Sid": "AllowDelivery",
       "Effect": "Allow",
       "Action": "s3:PutObject",
       "Resource": "arn:aws:s3:::inbox/*"
     }
     Verified in a model of both accounts: with this change, and whatever else the check then asks
     for, the whole check passes; nothing else is opened.

     If it is not that, it may be
     - resource-control-policy for s3:PutObject (customer): S3 says the same
"
`);
});

test('the customer and the verdict come first, in one line', () => {
  expect(renderReport(deniedReport, plain(100)).split('\n')[0]).toBe(
    '✗ acme: denied at copy-to-inbox. A permission is missing or refused.',
  );
});

test('the statement can be pasted: it is JSON and never wrapped', () => {
  const text = renderReport(deniedReport, plain(40));
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  expect(JSON.parse(json)).toEqual(bucketPolicyDiagnosis.remedy?.statement);
});

test('no line of prose is wider than the page', () => {
  const narrow = renderReport(deniedReport, plain(60)).split('\n');
  const long = narrow.filter((line) => line.length > 60 && !/arn:|"/.test(line));
  expect(long).toEqual([]);
  expect(narrow.join('\n')).not.toContain('┌');
});

test('the drawing is straight, whatever the role is called', () => {
  const role = 'a-role-with-a-name-that-is-much-longer-than-the-box-that-it-is-drawn-in';
  const principal = `arn:aws:sts::111111111111:assumed-role/${role}/check-acme`;
  const lines = renderReport({ ...deniedReport, principal }, plain(100)).split('\n');
  const drawn = lines.filter((line) => /^ {2}[┌│└].*[┐│┘]$/.test(line));
  expect(drawn).toHaveLength(9);
  expect(new Set(drawn.map((line) => line.length)).size).toBe(1);
});

test('colour changes nothing but colour', () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  const coloured = renderReport(deniedReport, pageFor(100, true));
  expect(coloured).toMatch(escapes);
  expect(coloured.replace(escapes, '')).toBe(renderReport(deniedReport, plain(100)));
});

test('a denied report without a diagnosis says how to get one', () => {
  const text = renderReport({ ...deniedReport, diagnoses: [] }, plain(100));
  expect(text).toContain('run the check again with --diagnosis service-account');
});

test("an inconclusive report does not blame the customer's side", () => {
  const report: Report = { ...deniedReport, verdict: 'inconclusive', diagnoses: [] };
  expect(renderReport(report, plain(100))).toContain("Nothing needs to be changed on the customer's side");
});

test("verbose shows AWS's answer with every field", () => {
  expect(renderReport(deniedReport, plain(100))).not.toContain('4442587FB7D0A2F9');
  const verbose = renderReport(deniedReport, plain(100), { verbose: true });
  expect(verbose).toMatch(/requestId +4442587FB7D0A2F9/);
  expect(verbose).toMatch(/httpStatus +403/);
});

test('of many candidates the likeliest are explained, the others named', () => {
  const candidates = (['key-policy', 'session-policy', 'region', 'key-state', 'key-grant', 'key-missing'] as const).map(
    (layer) => ({ layer, why: `because of the ${layer}` }),
  );
  const report = { ...deniedReport, diagnoses: [{ ...bucketPolicyDiagnosis, candidates }] };
  const text = renderReport(report, plain(100));
  expect(text).toContain('- key-state: because of the key-state\n     - key-grant, key-missing (--verbose says why)');
  expect(renderReport(report, plain(100), { verbose: true })).toContain('- key-missing: because of the key-missing');
});

test('escape sequences from outside reach no terminal', () => {
  const esc = String.fromCharCode(27);
  const hostile = `${esc}]0;owned${String.fromCharCode(7)}\u202e`;
  const [step] = deniedReport.steps.filter(({ error }) => error);
  const report: Report = {
    ...deniedReport,
    customer: hostile,
    principal: `arn:aws:sts::1:assumed-role/${hostile}/s`,
    steps: [
      {
        ...step,
        step: 'copy-to-inbox',
        status: 'denied',
        durationMs: 1,
        reason: hostile,
        error: { code: hostile, message: hostile },
      },
    ],
    diagnoses: [
      {
        ...bucketPolicyDiagnosis,
        summary: hostile,
        denial: { action: hostile, resource: hostile, principal: hostile, policyArn: hostile },
        evidence: [{ source: 'probe', detail: hostile }],
        candidates: [{ layer: 'key-policy', action: hostile, why: hostile }],
        remedy: { side: 'customer', instruction: hostile, statement: { [hostile]: hostile } },
      },
    ],
  };
  const text = renderReport(report, plain(120), { title: hostile, verbose: true });
  expect(text).not.toContain(esc);
  expect(text).not.toContain('\u202e');
  expect(text).toContain('\\u001b]0;owned');
});
