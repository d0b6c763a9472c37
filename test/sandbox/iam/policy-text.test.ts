import { encodedPolicy, policyText, statementPosition } from '../../../sandbox/iam/policy-text.ts';
import { allow, policy } from '../small-world.ts';

test('encodes every character that RFC 3986 reserves', () => {
  const document = policy(allow('s3:PutObject', "arn:aws:s3:::b/(it's)*!"));
  expect(encodedPolicy(document)).not.toMatch(/[!'()*{}"\s]/);
  expect(decodeURIComponent(encodedPolicy(document))).toBe(policyText(document));
});

test('finds a statement whatever braces its texts and conditions contain', () => {
  const awkward = allow('s3:PutObject', 'arn:aws:s3:::b/${aws:userid}/"}{"', {
    Condition: { StringEquals: { 'aws:userid': ['{', '}'] } },
  });
  const document = policy(awkward, allow('s3:GetObject', '*'));
  const lines = policyText(document).split('\n');
  for (const [index, statement] of [awkward, allow('s3:GetObject', '*')].entries()) {
    const { start, end } = statementPosition(document, index);
    const text = lines
      .slice(start.Line - 1, end.Line)
      .join('\n')
      .trim()
      .replace(/,$/, '');
    expect(JSON.parse(text)).toEqual(statement);
  }
});
