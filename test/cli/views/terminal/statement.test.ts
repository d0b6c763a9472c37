import { statementLines } from '../../../../cli/views/terminal/remedy.ts';
import { captured, capturedReport } from '../html/captured.ts';

const statement = {
  Sid: 'AllowIt',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/secure-inbox-delivery' },
  Resource: '*',
  Condition: {
    Bool: { 'aws:SecureTransport': 'true' },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::one-bucket/*', 'arn:aws:s3:::another-bucket/*'] },
  },
};

test('what fits on one line is on one line', () => {
  expect(statementLines(statement, 80, '  ').join('\n')).toMatchInlineSnapshot(`
"  {
    "Sid": "AllowIt",
    "Principal": { "AWS": "arn:aws:iam::111111111111:role/secure-inbox-delivery" },
    "Resource": "*",
    "Condition": {
      "Bool": { "aws:SecureTransport": "true" },
      "StringLike": { "kms:EncryptionContext:aws:s3:arn": [
        "arn:aws:s3:::one-bucket/*",
        "arn:aws:s3:::another-bucket/*"
      ] }
    }
  }"
`);
});

test.each([40, 80, 200])('is JSON that can be pasted, at %d columns', (width) => {
  const statements = captured.flatMap((name) =>
    capturedReport(name).diagnoses.flatMap(({ remedy }) => (remedy?.statement ? [remedy.statement] : [])),
  );
  expect(statements).not.toEqual([]);
  for (const one of [statement, ...statements]) {
    expect(JSON.parse(statementLines(one, width, '     ').join('\n'))).toEqual(one);
  }
});

test('shows control characters instead of obeying them', () => {
  expect(statementLines({ Sid: '\u202e' }, 80, '')).toEqual(['{', '  "Sid": "\\u202e"', '}']);
});
