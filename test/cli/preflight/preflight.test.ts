import { join } from 'node:path';
import * as z from 'zod/mini';
import { reportSchema } from '../../../core/report.ts';
import { faultsIn, preflight, testFolder } from './given.ts';

/** Runs everything: documents, sandbox and bundle. */

const customers = join(import.meta.dirname, '../../fixtures/preflight');
const { folder } = testFolder('preflight');

const names = ['acme', 'globex', 'initech'];
const fixed = join(folder, 'fixed');

describe('three customers with two faults each', () => {
  let given: Awaited<ReturnType<typeof preflight>>;
  beforeAll(async () => {
    given = await preflight('--json', '--fix', fixed, ...names.map((name) => join(customers, name)));
  });

  test('get every fault at once, each in its place in the given files', async () => {
    const { status, stdout, stderr } = given;
    const reports = z.array(reportSchema).parse(JSON.parse(stdout));
    expect(stderr).not.toContain('  Left,');
    expect(status).toBe(1);
    expect(reports.map(({ customer, verdict, deniedStep }) => [customer, verdict, deniedStep])).toEqual([
      ['acme', 'denied', 'put-internal'],
      ['globex', 'denied', 'copy-to-inbox'],
      ['initech', 'denied', 'put-internal'],
    ]);
    expect(reports.map(faultsIn)).toEqual([
      [
        'put-internal kms:GenerateDataKey key-policy implicit DeliverReports {',
        'copy-to-inbox kms:Decrypt key-policy implicit DeliverReports {',
        'copy-to-inbox s3:PutObject bucket-policy implicit DeliverReports {',
      ],
      ['copy-to-inbox s3:PutObject bucket-policy explicit DenyOtherEncryption - Sid: DenyOtherEncryption'],
      [
        'put-internal kms:GenerateDataKey key-policy implicit Encrypt - Sid: Encrypt',
        'copy-to-inbox kms:Decrypt key-policy implicit Encrypt - Sid: Encrypt',
        'copy-to-inbox s3:PutObject bucket-policy explicit DenyOthers - Sid: DenyOthers',
      ],
    ]);
    const evidence = reports.flatMap(({ diagnoses }) =>
      diagnoses.map((one) => one.evidence.map(({ detail }) => detail)),
    );
    expect(evidence[0]).toContainEqual(
      expect.stringMatching(/StringEquals kms:ViaService s3\.us-east-1\..*s3\.eu-central-1\./),
    );
    expect(evidence[2]?.[1]).toMatch(/\bResource\b.*inbox\/reports\/\*.*inbox\/from-service\//);
    // Behind the Deny, nothing allows the request.
    expect(evidence[3]).toContainEqual(expect.stringContaining('StringEquals s3:x-amz-acl bucket-owner-full-control'));
    expect(evidence[4]).toContainEqual(expect.stringMatching(/Action.*kms:Encrypt.*kms:GenerateDataKey/));
    expect(reports[0]?.diagnoses.map(({ confidence, remedy }) => [confidence, remedy?.verified])).toEqual(
      // The third doesn't become stricter about encryption than before, which no one requested.
      [true, true, undefined].map((verified) => ['proven', verified]),
    );
    // The report requests what --fix writes: one more value and, behind a Deny, also what is then missing.
    const asked = reports.map(({ diagnoses }) => diagnoses.map(({ remedy }) => remedy?.instruction ?? ''));
    const also = 'Let DeliverReports also cover arn:aws:s3:::acme-reports-inbox/from-service/*.';
    expect([given.stderr.replace(/\s+/g, ' '), asked[0]?.[2]?.toLowerCase()]).toEqual([
      expect.stringContaining('DeliverReports also cover'),
      expect.stringContaining(also.toLowerCase()),
    ]);
    expect(reports[0]?.diagnoses[2]?.remedy?.statement).toMatchObject({ Sid: 'DeliverReports' });
    expect(asked[1]?.[0]).toMatch(/DenyOtherEncryption.*AllowInboxPutObject/);
  });

  test('pass with the documents of --fix, and nothing else', async () => {
    const { status, stdout } = await preflight(...names.map((name) => join(fixed, name)));
    for (const name of names) expect(stdout).toContain(`✓ ${name}: passed.`);
    expect(stdout).not.toContain('--fix');
    expect(status).toBe(0);
  });
});
