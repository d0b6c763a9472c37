// Delivers one report: deliver-report.ts EVENT.json REPORT. EVENT.json is the customer's registered test event.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CopyObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

const { DELIVERY_ROLE_ARN: RoleArn = '', INTERNAL_BUCKET: internal = '', AWS_REGION: region = '' } = process.env;
const [eventFile = '', reportFile = ''] = process.argv.slice(2);
const { customer, inbox } = JSON.parse(readFileSync(eventFile, 'utf8'));
const [, partition = '', , , serviceAccount] = RoleArn.split(':');
const waiting = `reports/${customer}/${basename(reportFile)}`;

// The session can reach this customer and no other, whatever is wrong with the rest of the application.
const Policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:GetObject'],
      Resource: `arn:${partition}:s3:::${internal}/${waiting}`,
    },
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:${partition}:s3:::${inbox.bucket}/${inbox.prefix}*` },
    { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: inbox.kmsKeyArn },
  ],
});

try {
  const assume = new AssumeRoleCommand({
    RoleArn,
    RoleSessionName: `deliver-${customer}`,
    Policy,
    DurationSeconds: 900,
  });
  const { Credentials } = await new STSClient({ region }).send(assume);
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
  } = Credentials ?? {};
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: inbox.kmsKeyArn } as const;

  const put = { Bucket: internal, Key: waiting, Body: readFileSync(reportFile), ExpectedBucketOwner: serviceAccount };
  await new S3Client({ region, credentials }).send(new PutObjectCommand({ ...put, ...encryption }));

  const Key = `${inbox.prefix}${basename(reportFile)}`;
  const owners = { ExpectedBucketOwner: inbox.accountId, ExpectedSourceBucketOwner: serviceAccount };
  const copy = { Bucket: inbox.bucket, Key, CopySource: encodeURI(`${internal}/${waiting}`), ...owners, ...encryption };
  await new S3Client({ region: inbox.region, credentials }).send(new CopyObjectCommand(copy));
  console.log(`Delivered s3://${inbox.bucket}/${Key}`);
} catch (error) {
  // AWS's own words: `secure-inbox explain` says what they mean, and a check with EVENT.json which policy it is.
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exitCode = 1;
}
