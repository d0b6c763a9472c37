import { readMessage } from '../../../core/aws-words/message.ts';

const principal = 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme';
const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
const policy = 'arn:aws:organizations::999999999999:policy/o-abcd1234ef/service_control_policy/p-abcd1234';
const begin = `User: ${principal} is not authorized to perform: `;

/** Wherever a message is cut off, it yields a whole name or none. */
test.each([
  [
    'a key',
    `${begin}kms:GenerateDataKey on resource: ${key} because no resource-based policy allows the kms:GenerateDataKey action`,
  ],
  [
    'a policy',
    `${begin}kms:GenerateDataKey on resource: ${key} with an explicit deny in a service control policy: ${policy}`,
  ],
  [
    'a policy behind another',
    `${begin}s3:PutObject on resource: "arn:aws:s3:::inbox/a" with an explicit deny in a VPC endpoint policy transitively through a service control policy`,
  ],
])('a message about %s that is cut off', (_, message) => {
  const whole = readMessage(message);
  const endpointPolicy = message.indexOf(' transitively');
  for (let end = begin.length + 1; end < message.length; end++) {
    const cut = readMessage(message.slice(0, end));
    for (const name of ['action', 'resource', 'policyArn'] as const) {
      if (cut[name] !== undefined) expect(cut[name]).toBe(whole[name]);
    }
    // A text that ends here is also a complete AWS message.
    const isWhole = endpointPolicy > 0 && end <= endpointPolicy + 1;
    if (cut.layer !== undefined && !isWhole) expect(cut.layer).toBe(whole.layer);
  }
});

test('a name at the end of a message is whole where it can be', () => {
  expect(readMessage(`${begin}sts:AssumeRole`)).toMatchObject({ wording: 'unexplained', action: 'sts:AssumeRole' });
  expect(readMessage(`${begin}kms:GenerateDataKey on resource: ${key}`)).toMatchObject({
    wording: 'unexplained',
    resource: key,
  });
  const anonymized = 'arn:aws:kms:us-east-1:0123456789:key/0123456789abcdef';
  expect(readMessage(`${begin}kms:GenerateDataKey on resource: ${anonymized}`).resource).toBe(anonymized);
});
