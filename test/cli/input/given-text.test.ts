import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { givenText } from '../../../cli/input/given-text.ts';
import { InputError } from '../../../model/text/input-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'with a space');
writeFileSync(file, 'in the file');

const stdin = () => Readable.from([Buffer.from('on stdin')]);

test.each([
  { given: 'nothing', args: [], text: 'on stdin' },
  { given: '-', args: ['-'], text: 'on stdin' },
  { given: 'a file', args: [file], text: 'in the file' },
  { given: 'a text', args: ['Access Denied'], text: 'Access Denied' },
  { given: 'a text without quotes', args: ['Access', 'Denied'], text: 'Access Denied' },
  { given: 'a code', args: ['AccessDenied'], text: 'AccessDenied', mayBePath: true },
  { given: 'a code of KMS', args: ['KMS.DisabledException'], text: 'KMS.DisabledException', mayBePath: true },
  { given: 'XML', args: ['<Error><Code>AccessDenied</Code></Error>'], mayBePath: true },
  { given: 'JSON', args: ['{"errorCode":"AccessDenied","a/b":1}'], mayBePath: true },
  { given: 'a text with a path in it', args: ['upload failed: ./a.pdf to s3://b/a.pdf Access Denied'] },
  { given: 'a text that begins with a path', args: ['../a.pdf: Access Denied'] },
  { given: 'a text without quotes with ARNs in it', args: ['User:', 'arn:aws:iam::1:role/a', 'is', 'not'] },
  { given: 'a text that is longer than a path may be', args: ['a '.repeat(10_000)] },
])('$given is read', async ({ args, text = args.join(' '), mayBePath = false }) => {
  expect(await givenText(args, stdin())).toMatchObject({ text, mayBePath });
});

test.each([
  { args: ['./error'], says: './error: cannot be read: no such file.' },
  { args: ['logs/error'], says: 'logs/error: cannot be read: no such file.' },
  { args: ['error.log'], says: 'error.log: cannot be read: no such file.' },
  { args: ['C:\\logs\\error'], says: 'C:\\logs\\error: cannot be read: no such file.' },
  { args: [folder], says: `${folder}: cannot be read: is a folder` },
  { args: ['a.json', 'b.json'], says: 'a.json b.json: one file at a time.' },
  { args: [''], says: 'the given text: is empty' },
  { args: [' \n'], says: 'the given text: is empty' },
])('$args is refused', async ({ args, says }) => {
  await expect(givenText(args, stdin())).rejects.toThrow(says);
  await expect(givenText(args, stdin())).rejects.toThrow(InputError);
});

test('an empty stdin is an error', async () => {
  await expect(givenText([], Readable.from([]))).rejects.toThrow('standard input: is empty');
});
