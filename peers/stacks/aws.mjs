import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { run } from '../clients/run-command.mjs';
import { plainEnvironment } from './server.mjs';

export const region = 'us-east-1';

const clients = {
  cloudformation: CloudFormationClient,
  dynamodb: DynamoDBClient,
  iam: IAMClient,
  kms: KMSClient,
  lambda: LambdaClient,
  s3: S3Client,
};

export const environmentOf = (url, { accessKeyId, secretAccessKey, sessionToken }) => ({
  ...plainEnvironment(),
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: url,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
});

/**
 * An account's root user: `client.send(command)` for services whose client is a dependency of the project and, for the
 * others, `cli(…)`, which resolves to the AWS CLI's output.
 */
export function account({ url, program }, id, credentials, inRegion = region) {
  const settings = { endpoint: url, region: inRegion, credentials, maxAttempts: 1 };
  const made = Object.entries(clients).map(([name, Client]) => [name, new Client(settings)]);
  async function cli(...args) {
    const outcome = await run(program('aws'), ['--endpoint-url', url, ...args, '--output', 'json'], {
      env: environmentOf(url, credentials),
    });
    if (outcome.status !== 0) throw new Error(outcome.stderr.trim() || `aws ${args.join(' ')} failed`);
    return outcome.stdout.trim() === '' ? {} : JSON.parse(outcome.stdout);
  }
  return { id, url, credentials, cli, ...Object.fromEntries(made) };
}
