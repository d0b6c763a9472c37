import { wantedAt } from '../../../model/world/wanted-texts.ts';

const names = {
  partition: 'aws',
  serviceAccountId: '111111111111',
  deliveryRoleArn: 'arn:aws:iam::111111111111:role/secure-inbox-delivery',
  inboxBucket: 'acme-inbox',
  inboxKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab',
} as unknown as Parameters<typeof wantedAt>[1];

test.each(['constructor', 'toString', '__proto__', 'valueOf'])('a property with the name %s is unknown', (name) => {
  expect(wantedAt([name], names).enumerated).toEqual([]);
});
