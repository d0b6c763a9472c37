import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { renderReport } from '../../../../cli/views/terminal/report.ts';
import { edgesFor } from '../../../../core/permissions.ts';
import type { Report } from '../../../../core/report.ts';
import { permissionsOf } from '../../../../core/report-permissions.ts';
import { bucketPolicyDiagnosis, deniedReport, passedReport } from '../../reports.ts';
import { capturedReport } from '../html/captured.ts';

const plain = (width: number) => pageFor(width, false);
const withPermissions = (report: Report): Report => ({
  ...report,
  permissions: [...permissionsOf(edgesFor('copy', undefined), report)],
});
const belowTheDrawing = (text: string) => text.slice(text.indexOf('  AWS answered'));

test('a passed report', () => {
  expect(renderReport(withPermissions(passedReport), plain(100))).toMatchInlineSnapshot(`
"✓ acme: passed. A real report would be delivered.

  ✓ assume-delivery-role  passed     20 ms  ┌ Account A 111111111111 ─┐    ┌ Account B 222222222222┐
  ✓ put-internal          passed     61 ms  │ the check               │    │                       │
  ✓ copy-to-inbox         passed     58 ms  │  ▼ ✓ sts:AssumeRole     │    │                       │
  ✓ verify-delivery       passed      0 ms  │ secure-inbox-delivery   │    │                       │
  ✓ clean-up              passed     12 ms  │  ▼ ✓ s3:PutObject       │    │                       │
                                            │ internal bucket         │    │                       │
                                            │  │ ✓ s3:GetObject       │    │                       │
                                            │  │                      │    │ Secure Inbox          │
                                            │  ├ copy-to-inbox ───────┼─✓──►  s3:PutObject         │
                                            │  │                      │    │ KMS key               │
                                            │  ├ put-internal ────────┼─✓──►  kms:GenerateDataKey  │
                                            │  ├ copy-to-inbox ───────┼─✓──►  kms:Decrypt          │
                                            │  └ copy-to-inbox ───────┼─✓──►  kms:GenerateDataKey  │
                                            └─────────────────────────┘    └───────────────────────┘
"
`);
});

test('a denied report says what to do, and who does it', () => {
  expect(renderReport(withPermissions(deniedReport), plain(100))).toMatchInlineSnapshot(`
"✗ acme: denied at copy-to-inbox. A permission is missing or denied.

  ✓ assume-delivery-role  passed     20 ms  ┌ Account A 111111111111 ─┐    ┌ Account B 222222222222┐
  ✓ put-internal          passed     61 ms  │ the check               │    │                       │
  ✗ copy-to-inbox         denied     58 ms  │  ▼ ✓ sts:AssumeRole     │    │                       │
    AccessDenied, HTTP 403                  │ secure-inbox-delivery   │    │                       │
  · verify-delivery       skipped           │  ▼ ✓ s3:PutObject       │    │                       │
    nothing was delivered                   │ internal bucket         │    │                       │
  ✓ clean-up              passed     12 ms  │  │ · s3:GetObject       │    │                       │
                                            │  │                      │    │ Secure Inbox          │
                                            │  ├ copy-to-inbox ───────┼─✗──►  s3:PutObject         │
                                            │  │                      │    │ KMS key               │
                                            │  ├ put-internal ────────┼─✓──►  kms:GenerateDataKey  │
                                            │  ├ copy-to-inbox ───────┼─·──►  kms:Decrypt          │
                                            │  └ copy-to-inbox ───────┼─·──►  kms:GenerateDataKey  │
                                            └─────────────────────────┘    └───────────────────────┘
                                            ✗ most likely refused   · not known

  AWS answered to copy-to-inbox: CopyObject in us-east-1
  │ Access Denied

  1. Most likely the bucket policy does not allow secure-inbox-delivery to s3:PutObject.
     refused     s3:PutObject at copy-to-inbox
     on          arn:aws:s3:::inbox/reports/configuration-check/test-object.json
     by          bucket-policy, implicit; customer (Account B, 222222222222)
     confidence  inferred. The most likely of several explanations.
     or else     resource-control-policy (customer)
     evidence    service-message: A bare Access Denied

     What to do, by the customer (Account B, 222222222222)
     Add this statement to the bucket policy of inbox:

     {
       "Sid": "AllowDelivery",
       "Effect": "Allow",
       "Action": "s3:PutObject",
       "Resource": "arn:aws:s3:::inbox/*"
     }
     Tested in a simulation of both accounts: with this change, and any others that the check asks
     for, the whole check passes. It grants nothing else.

  --verbose adds: names in full, all evidence, what else it may be and why, raw answers.
"
`);
});

test('the customer and the verdict come first, in one line', () => {
  expect(renderReport(deniedReport, plain(100)).split('\n')[0]).toBe(
    '✗ acme: denied at copy-to-inbox. A permission is missing or denied.',
  );
});

test('the statement can be pasted: it is JSON and never wrapped', () => {
  const text = renderReport(deniedReport, plain(40));
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  expect(JSON.parse(json)).toEqual(bucketPolicyDiagnosis.remedy?.statement);
});

test('what else the same document may lack is next to its candidate, ready to paste', () => {
  const statement = { Sid: 'AllowAcl', Effect: 'Allow', Action: 's3:PutObjectAcl' };
  const remedy = { side: 'customer' as const, target: 'inbox', instruction: 'Add it', statement };
  const candidates = [{ layer: 'bucket-policy' as const, why: 'or that', remedy }];
  const report: Report = { ...deniedReport, diagnoses: [{ ...bucketPolicyDiagnosis, candidates }] };
  const [, rest = ''] = renderReport(report, plain(100)).split('If it is missing in inbox, add this too:');
  expect(JSON.parse(rest.slice(0, rest.lastIndexOf('}') + 1))).toEqual(statement);
});

test('an explanation without candidates does not mention any', () => {
  const report: Report = { ...deniedReport, diagnoses: [{ ...bucketPolicyDiagnosis, candidates: [] }] };
  expect(belowTheDrawing(renderReport(report, plain(100)))).toMatchSnapshot();
});

test('no line of prose is wider than the page', () => {
  const narrow = renderReport(deniedReport, plain(60)).split('\n');
  const long = narrow.filter((line) => line.length > 60 && !/arn:|"/.test(line));
  expect(long).toEqual([]);
});

test('color changes nothing but color', () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  const colored = renderReport(deniedReport, pageFor(100, true));
  expect(colored).toMatch(escapes);
  expect(colored.replace(escapes, '')).toBe(renderReport(deniedReport, plain(100)));
});

test('a denied report without a diagnosis says how to get one', () => {
  const text = renderReport({ ...deniedReport, diagnoses: [] }, plain(100));
  expect(belowTheDrawing(text)).toMatchSnapshot();
});

test("an inconclusive report does not blame the customer's side", () => {
  const report: Report = { ...deniedReport, verdict: 'inconclusive', diagnoses: [] };
  expect(belowTheDrawing(renderReport(report, plain(100)))).toMatchSnapshot();
});

test("verbose shows AWS's answer with every field", () => {
  expect(renderReport(deniedReport, plain(100))).not.toContain('4442587FB7D0A2F9');
  const verbose = renderReport(deniedReport, plain(100), { verbose: true });
  expect(belowTheDrawing(verbose)).toMatchSnapshot();
});

test('if no layer is named, the likeliest candidates are explained and the others are named', () => {
  const candidates = (['key-policy', 'session-policy', 'region', 'key-state', 'key-grant', 'key-missing'] as const).map(
    (layer) => ({ layer, why: `because of the ${layer}` }),
  );
  const report = { ...deniedReport, diagnoses: [{ ...bucketPolicyDiagnosis, denial: {}, candidates }] };
  const text = renderReport(report, plain(100));
  expect(belowTheDrawing(text)).toMatchSnapshot();
  expect(belowTheDrawing(renderReport(report, plain(100), { verbose: true }))).toMatchSnapshot();
});

test('candidates next to a named layer are only named, with --verbose with reasons', () => {
  const candidates = [
    { layer: 'region', side: 'customer', action: 's3:PutObject', why: 'the first reason' },
    { layer: 'key-policy', side: 'customer', action: 'kms:Decrypt', why: 'the second reason' },
    { layer: 'session-policy', side: 'service', why: 'the third reason' },
  ] as const;
  const report = { ...deniedReport, diagnoses: [{ ...bucketPolicyDiagnosis, candidates: [...candidates] }] };
  const text = renderReport(report, plain(100));
  expect(belowTheDrawing(text)).toMatchSnapshot();
  expect(belowTheDrawing(renderReport(report, plain(100), { verbose: true }))).toMatchSnapshot();
});

describe('nothing is said twice', () => {
  const message = 'User: acme is not authorized to perform: kms:Decrypt';
  const answer = { source: 'service-message' as const, detail: `AWS answered AccessDenied (HTTP 403): ${message}` };
  const steps = deniedReport.steps.map((result) =>
    result.error ? { ...result, error: { ...result.error, message } } : result,
  );
  const one = { ...bucketPolicyDiagnosis, evidence: [answer] };
  const count = (text: string, part: string) => text.replace(/\s+/g, ' ').split(part).length - 1;

  test.each([false, true])("AWS's message, with --verbose: %s", (verbose) => {
    const text = renderReport({ ...deniedReport, steps, diagnoses: [one, one] }, plain(100), { verbose });
    expect(count(text, message)).toBe(1);
  });

  test('what to do in the same document', () => {
    const remedy = { ...one.remedy, side: 'customer' as const, statement: { Sid: 'Another' } };
    const instruction = 'Add this statement to it. Look for a Deny.';
    const first = { ...one, remedy: { ...remedy, instruction } };
    const other = { ...one, remedy: { ...remedy, instruction } };
    const text = renderReport({ ...deniedReport, steps, diagnoses: [first, other] }, plain(100));
    expect(count(text, 'What to do')).toBe(1);
    expect(count(text, instruction)).toBe(1);
    expect(count(text, '"Sid": "Another"')).toBe(2);
    const elsewhere = { ...other, remedy: { ...other.remedy, target: 'another' } };
    expect(count(renderReport({ ...deniedReport, diagnoses: [first, elsewhere] }, plain(100)), 'What to do')).toBe(2);
  });
});

test('a fault fits one screen: what is wrong, who acts and what to paste', () => {
  const lines = renderReport(capturedReport('silent-bucket-policy'), plain(100)).split('\n');
  const end = lines.indexOf('     }');
  expect(lines[0]).toContain('denied at copy-to-inbox');
  expect(end).toBeGreaterThan(0);
  expect(end).toBeLessThan(56);
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
