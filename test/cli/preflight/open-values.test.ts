import { acmeEvent, deliveryRole } from './acme.ts';
import { preflightReport, testFolder } from './given.ts';
import { useModeledSandbox } from './modeled-sandbox.ts';

useModeledSandbox();

/** A template whose parameter P has no default leaves the result open until P is given. */

const { file } = testFolder('open-values');
const event = file('event.json', acmeEvent());

const statement = (parts: string) => `{ Effect: Deny, Principal: '*', ${parts} }`;
const onObjects = "Resource: !Sub '${Bucket.Arn}/*'";
const put = (condition: string) => statement(`Action: s3:PutObject, ${onObjects}, Condition: { ${condition} }`);
const use = (condition: string) => statement(`Action: kms:*, Resource: '*', Condition: { ${condition} }`);

function template(ofBucket: string, ofKey: string): string {
  return `Parameters: { P: { Type: String } }
Resources:
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-inbox } }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: { AWS: '${deliveryRole}' }, Action: s3:PutObject, ${onObjects} }
          - ${ofBucket}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: { AWS: !Sub 'arn:aws:iam::\${AWS::AccountId}:root' }, Action: kms:*, Resource: '*' }
          - { Effect: Allow, Principal: { AWS: '${deliveryRole}' }, Action: [kms:GenerateDataKey, kms:Decrypt], Resource: '*' }
          - ${ofKey}
`;
}

const harmless = put("Bool: { aws:SecureTransport: 'false' }");
const harmlessUse = use("Bool: { aws:SecureTransport: 'false' }");

it.each<readonly string[]>([
  [statement(`Action: !Ref P, ${onObjects}`)],
  [statement(`Action: !Sub 's3:Put\${P}', ${onObjects}`)],
  [statement(`NotAction: !Ref P, ${onObjects}`)],
  [put("'Null': { s3:x-amz-server-side-encryption: !Ref P }")],
  [put('Bool: { s3:ObjectCreationOperation: !Ref P }')],
  [put('NumericLessThan: { s3:TlsVersion: !Ref P }')],
  [put('DateGreaterThan: { aws:CurrentTime: !Ref P }')],
  [put('StringEquals: { aws:PrincipalType: !Ref P }')],
  [put('StringNotEquals: { s3:authType: !Ref P }')],
  [put("StringNotLike: { aws:PrincipalArn: !Sub 'arn:aws:iam::${P}:role/*' }")],
  [put("StringLike: { s3:x-amz-copy-source: !Sub '${P}/*' }")],
  [harmless, statement("Action: !Sub 'kms:${P}', Resource: '*'")],
  [harmless, use('StringEquals: { kms:KeySpec: !Ref P }')],
  [harmless, use("'ForAnyValue:StringEquals': { kms:EncryptionContextKeys: !Ref P }")],
])('%s %s', async (ofBucket = '', ofKey = harmlessUse) => {
  const given = file('template.yaml', template(ofBucket, ofKey));
  const { verdict, diagnoses } = await preflightReport('--event', event, '--inbox-template', given);
  expect({ verdict, diagnoses }).toEqual({ verdict: 'inconclusive', diagnoses: [] });
});

it.each<readonly [string, string | undefined, string]>([
  [put('StringEquals: { aws:PrincipalType: !Ref P }'), 'User', 'passed'],
  [put('StringEquals: { aws:PrincipalType: !Ref P }'), 'AssumedRole', 'denied'],
  [statement(`Action: !Sub 's3:Get\${P}', ${onObjects}`), undefined, 'passed'],
])('%s with %s: %s', async (ofBucket, value, verdict) => {
  const given = file('template.yaml', template(ofBucket, harmlessUse));
  const told = value === undefined ? [] : ['--parameter', `P=${value}`];
  expect(await preflightReport('--event', event, '--inbox-template', given, ...told)).toMatchObject({ verdict });
});
