import { functionArn as functionArnOf } from '../../core/arn.ts';
import { asError } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { credentialVariables } from './function-settings.ts';
import { runOnce } from './isolates.ts';
import type { Runner } from './job.ts';

interface LocalRun {
  readonly bundleDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly profile?: string;
  readonly region?: string;
  readonly timeoutMs?: number;
}

/** Environment variables of the function that the user's own environment may set. */
const passedOn = [
  'INTERNAL_BUCKET',
  'DELIVERY_ROLE_ARN',
  'SERVICE_KMS_KEY_ARN',
  'REGISTRY_BUCKET',
  'CHECK_CONCURRENCY',
];
const passedOnPrefix = /^AWS_ENDPOINT_URL/;

/**
 * Runs the bundle on this machine with the user's own AWS credentials. They are resolved here, because the bundle is
 * built for Lambda and only reads credentials from its environment.
 */
export function locally({ bundleDir, env, profile, region: givenRegion, timeoutMs }: LocalRun): Runner {
  return async (jobs, done, begun) => {
    const identity = await whoAmI({ ...(profile && { profile }), ...(givenRegion && { region: givenRegion }) });
    const environment = {
      ...Object.fromEntries(
        Object.entries(env).flatMap(([name, value]) =>
          value !== undefined && (passedOn.includes(name) || passedOnPrefix.test(name)) ? [[name, value]] : [],
        ),
      ),
      ...identity.environment,
      // A person may have used MFA or signed in through a provider; a function never has.
      AWS_EXECUTION_ENV: '',
    };
    const { region, accountId } = identity;
    const functionArn = functionArnOf(region, accountId, 'customer_configuration_check');
    for (const [at, job] of jobs.entries()) {
      begun?.(at);
      const limit = timeoutMs === undefined ? {} : { timeoutMs };
      await done(at, await runOnce(job, { bundleDir, environment, functionArn, ...limit }));
    }
  };
}

async function whoAmI(settings: { profile?: string; region?: string }) {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(settings);
  try {
    const region = await client.config.region();
    const environment = { AWS_REGION: region, ...credentialVariables(await client.config.credentials()) };
    const { Account: accountId = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { region, accountId, environment };
  } catch (error) {
    throw new InputError(
      `--local needs AWS credentials and a Region, and got none that work: ${asError(error).message}\n` +
        'Set AWS_PROFILE and AWS_REGION (or --profile and --region), or sign in with aws sso login; without --local the check runs in the sandbox.',
    );
  } finally {
    client.destroy();
  }
}
