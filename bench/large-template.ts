export const resources = 150;
const role = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';

/** The test event of the template's customer. */
export const testEvent = {
  customer: 'acme',
  inbox: {
    accountId: '222222222222',
    region: 'us-east-1',
    bucket: 'acme-inbox',
    kmsKeyArn: 'arn:aws:kms:us-east-1:222222222222:key/11111111-2222-4333-8444-555555555555',
    prefix: 'reports/',
  },
  deliveryRoleArn: role,
};

/** A template with a bucket, a policy and a key for each of many purposes. */
export function largeTemplate(): object {
  const made = Array.from({ length: resources / 3 }, (_, at) => resourcesOf(at));
  return { Resources: Object.assign({}, ...made) as object };
}

function resourcesOf(at: number): object {
  const allow = (Action: string | readonly string[], Resource: unknown, AWS: unknown) => ({
    Effect: 'Allow',
    Principal: { AWS },
    Action,
    Resource,
  });
  const keyArn = { 'Fn::GetAtt': [`Key${at}`, 'Arn'] };
  const rule = { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } };
  const objects = { 'Fn::Sub': `\${Bucket${at}.Arn}/*` };
  return {
    [`Key${at}`]: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Statement: [
            allow('kms:*', '*', { Ref: 'AWS::AccountId' }),
            allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*', role),
          ],
        },
      },
    },
    [`Bucket${at}`]: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: at === 0 ? 'acme-inbox' : { 'Fn::Sub': `\${AWS::StackName}-${at}` },
        BucketEncryption: { ServerSideEncryptionConfiguration: [rule] },
      },
    },
    [`Policy${at}`]: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: `Bucket${at}` },
        PolicyDocument: { Statement: [allow('s3:PutObject', objects, role)] },
      },
    },
  };
}
