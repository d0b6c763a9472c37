import { decide } from '../../policy/index.ts';

const role = 'arn:aws:iam::111111111111:role/delivery';

function decided(statement: object): string {
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...statement }],
  };
  const request = {
    principal: 'arn:aws:sts::111111111111:assumed-role/delivery/check-acme',
    role,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::inbox/reports/x.json',
    resourceAccount: '111111111111',
    context: { 'aws:PrincipalArn': role, 'aws:SourceArn': 'not an ARN' },
  };
  return decide(request, { identity: [{ name: 'policy', document }] }).outcome;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
it.each([
  ['arn:aws:s3', 'allowed'],
  ['arn:aws', 'allowed'],
  ['arn:aws:s3:*', 'allowed'],
  ['arn:aws:s${*}', 'denied'],
  ['arn:aws:sqs', 'denied'],
  ['arn:aws:s3:us-east-1', 'denied'],
])('completes the short ARN %s in a Resource with stars: %s', (Resource, outcome) => {
  expect(decided({ Resource })).toBe(outcome);
});

/** Not documented, but iam-simulate and principalmapper agree. */
it.each([
  ['ArnLike', 'allowed'],
  ['ArnEquals', 'allowed'],
  ['ArnNotLike', 'denied'],
  ['ArnNotEquals', 'denied'],
])('treats a single star as any ARN in %s: %s', (operator, outcome) => {
  expect(decided({ Condition: { [operator]: { 'aws:PrincipalArn': '*' } } })).toBe(outcome);
});

it('does not match a single star with a text that is not an ARN', () => {
  expect(decided({ Condition: { ArnLike: { 'aws:SourceArn': '*' } } })).toBe('denied');
});
