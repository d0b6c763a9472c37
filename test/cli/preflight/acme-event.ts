/** Of a customer whose bucket is called acme-inbox. */
export const deliveryRole = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';

export function acmeEvent(bucket = 'acme-inbox') {
  return {
    customer: 'acme',
    inbox: {
      accountId: '222222222222',
      region: 'us-east-1',
      bucket,
      kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-4333-8444-555555555555',
      prefix: 'reports/',
    },
    deliveryRoleArn: deliveryRole,
  };
}
