import { withShortNames } from '../../../../cli/views/terminal/page.ts';

test.each([
  [
    'the key (arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002) is silent',
    'the key (key/00000000…0002) is silent',
  ],
  [
    'arn:aws:kms:us-east-1:222222222222:key/mrk-1234abcd12ab34cd56ef1234567890ab',
    'key/mrk-1234abcd12ab34cd56ef1234567890ab',
  ],
  ['on arn:aws-cn:s3:::bucket/reports/*.', 'on bucket/reports/*.'],
  ['User: arn:aws:sts::111111111111:assumed-role/delivery/check-acme is', 'User: delivery/check-acme is'],
  ['a policy of arn:aws:iam::111111111111:role/delivery: what', 'a policy of role delivery: what'],
  [
    'arn:aws:organizations::1:policy/o-1/service_control_policy/p-1',
    'arn:aws:organizations::1:policy/o-1/service_control_policy/p-1',
  ],
])('%s', (text, short) => {
  expect(withShortNames(text)).toBe(short);
});
