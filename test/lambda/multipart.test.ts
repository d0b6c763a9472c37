import { type FakeAws, s3Error } from './fake-aws.ts';
import {
  customerKey,
  inbox,
  littleTimeFor,
  newEvent,
  newHandler,
  operations,
  reportOf,
  resultOf,
} from './invocation.ts';
import { serveFakeAws } from './served-fake-aws.ts';

const handler = newHandler();

/** A delivery by multipart copy, answered by a well-behaved AWS and by one on a bad day. */

let aws: FakeAws;
serveFakeAws((started) => {
  aws = started;
});

const inParts = (changes: Record<string, unknown> = {}) => newEvent({ delivery: 'multipart', ...changes });
const requestOf = (operation: string) => aws.requests.find((one) => one.operation === operation);

test('is sent as seven requests, with encryption, ACL and owners where each belongs', async () => {
  const acl = 'bucket-owner-full-control';
  const report = await reportOf(handler, inParts({ inbox: { ...inbox, acl } }));
  expect(report.verdict).toBe('passed');
  expect(operations(aws).slice(0, 5)).toEqual([
    'AssumeRole',
    'PutObject',
    'CreateMultipartUpload',
    'UploadPartCopy',
    'CompleteMultipartUpload',
  ]);
  expect(operations(aws).slice(5).sort()).toEqual(['AbortMultipartUpload', 'DeleteObject']);
  expect(requestOf('CreateMultipartUpload')?.headers).toMatchObject({
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': customerKey,
    'x-amz-acl': acl,
    'x-amz-expected-bucket-owner': inbox.accountId,
  });
  const part = requestOf('UploadPartCopy')?.headers ?? {};
  expect(part).toMatchObject({
    'x-amz-expected-bucket-owner': inbox.accountId,
    'x-amz-source-expected-bucket-owner': '111111111111',
  });
  expect(Object.keys(part).filter((name) => /server-side-encryption|x-amz-acl/.test(name))).toEqual([]);
  expect(requestOf('CompleteMultipartUpload')?.body).toContain('<PartNumber>1</PartNumber>');
});

test('is not sent unless the event requests it', async () => {
  await reportOf(handler, newEvent());
  await reportOf(handler, newEvent({ delivery: 'copy' }));
  expect(operations(aws)).not.toContain('CreateMultipartUpload');
  expect(operations(aws).filter((name) => name === 'CopyObject')).toHaveLength(2);
});

test.each(['CreateMultipartUpload', 'UploadPartCopy', 'CompleteMultipartUpload'] as const)(
  '%s denied: is reported as the denied request, and a started upload is aborted',
  async (operation) => {
    aws.answers = { [operation]: () => s3Error(403, 'AccessDenied', 'Access Denied') };
    const report = await reportOf(handler, inParts());
    expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'copy-to-inbox' });
    expect(resultOf(report, 'copy-to-inbox')).toMatchObject({ status: 'denied', request: { operation } });
    expect(resultOf(report, 'clean-up')).toMatchObject({ status: 'passed', request: { operation: 'DeleteObject' } });
    const began = operation !== 'CreateMultipartUpload';
    expect(requestOf('AbortMultipartUpload')?.path.includes('uploadId=upload-1') ?? false).toBe(began);
  },
);

test('a part that is never answered: inconclusive, and the upload is aborted', async () => {
  aws.answers = { UploadPartCopy: () => 'hang' };
  const report = await reportOf(handler, inParts(), littleTimeFor(aws, 'UploadPartCopy', 'PutObject'));
  expect(report).toMatchObject({ verdict: 'inconclusive', deniedStep: 'copy-to-inbox' });
  expect(resultOf(report, 'copy-to-inbox').request?.operation).toBe('UploadPartCopy');
  expect(operations(aws)).toContain('AbortMultipartUpload');
});

test('a denial inside the 200 of the completion: denied', async () => {
  const body = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  aws.answers = {
    CompleteMultipartUpload: () => ({ status: 200, body, headers: { 'content-type': 'application/xml' } }),
  };
  const report = await reportOf(handler, inParts());
  expect(report).toMatchObject({ verdict: 'denied', deniedStep: 'copy-to-inbox' });
});

test.each([
  ['CreateMultipartUpload', '<InitiateMultipartUploadResult/>'],
  ['UploadPartCopy', '<CopyPartResult/>'],
  ['CompleteMultipartUpload', '<CompleteMultipartUploadResult/>'],
] as const)('an answer to %s without what S3 returns: inconclusive', async (operation, body) => {
  aws.answers = { [operation]: () => ({ status: 200, body, headers: { 'content-type': 'application/xml' } }) };
  expect((await reportOf(handler, inParts())).verdict).toBe('inconclusive');
});

test('an object with another key than requested: misconfigured', async () => {
  const body = '<CompleteMultipartUploadResult><ETag>"abc-1"</ETag></CompleteMultipartUploadResult>';
  const headers = { 'content-type': 'application/xml', 'x-amz-server-side-encryption': 'AES256' };
  aws.answers = { CompleteMultipartUpload: () => ({ status: 200, body, headers }) };
  const report = await reportOf(handler, inParts());
  expect(report).toMatchObject({ verdict: 'misconfigured', deniedStep: 'verify-delivery' });
});

describe('aborting', () => {
  test('a completed upload cannot be aborted, which proves nothing', async () => {
    aws.answers = { AbortMultipartUpload: () => s3Error(404, 'NoSuchUpload') };
    const report = await reportOf(handler, inParts());
    expect(report.verdict).toBe('passed');
    expect(resultOf(report, 'clean-up').status).toBe('passed');
    const state = report.permissions?.find(({ action }) => action === 's3:AbortMultipartUpload')?.state;
    expect(state).toBe('unknown');
  });

  test('reports a denial as such, and does not change the verdict', async () => {
    aws.answers = { AbortMultipartUpload: () => s3Error(403, 'AccessDenied', 'Access Denied') };
    const report = await reportOf(handler, inParts());
    expect(report.verdict).toBe('passed');
    expect(resultOf(report, 'clean-up')).toMatchObject({
      status: 'denied',
      request: { operation: 'AbortMultipartUpload', bucket: inbox.bucket, expectedBucketOwner: inbox.accountId },
    });
    expect(operations(aws)).toContain('DeleteObject');
  });

  test('continues if deleting fails, and reports that', async () => {
    aws.answers = { DeleteObject: () => s3Error(403, 'AccessDenied') };
    const report = await reportOf(handler, inParts());
    expect(resultOf(report, 'clean-up').request?.operation).toBe('DeleteObject');
    expect(operations(aws)).toContain('AbortMultipartUpload');
  });
});
