/** For a customer whose bucket is called acme-inbox. */
export const deliveryRole = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
export const keyArn = 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-4333-8444-555555555555';

export function acmeEvent(bucket = 'acme-inbox') {
  return {
    customer: 'acme',
    inbox: { accountId: '222222222222', region: 'us-east-1', bucket, kmsKeyArn: keyArn, prefix: 'reports/' },
    deliveryRoleArn: deliveryRole,
  };
}

export const allow = (AWS: string, Action: string | readonly string[], Resource: string) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource,
});
export const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

export const administrator = allow('arn:aws:iam::222222222222:root', 'kms:*', '*');
/** Allows what a delivery needs. */
export const bucketPolicy = policy(allow(deliveryRole, 's3:PutObject', 'arn:aws:s3:::acme-inbox/*'));
export const keyPolicy = policy(administrator, allow(deliveryRole, ['kms:GenerateDataKey', 'kms:Decrypt'], '*'));
/** Does not allow the delivery role anything. */
export const silentKey = policy(administrator);
