import type { InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { jsonOrNothing, textAt } from '../../core/json.ts';
import { asError } from '../../core/values.ts';
import { answerOfError, answerOfPayload, type FunctionAnswer, type Runner } from './job.ts';

interface DeployedRun {
  /** Name or ARN, optionally with a version or alias. */
  readonly functionName: string;
  readonly profile?: string;
  readonly region?: string;
}

export function deployed({ functionName, profile, region }: DeployedRun): Runner {
  return async (jobs, done, begun) => {
    const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
    const client = new LambdaClient({ ...(profile && { profile }), ...(region && { region }) });
    try {
      for (const [at, job] of jobs.entries()) {
        begun?.(at);
        const Payload = JSON.stringify(job.event);
        const command = new InvokeCommand({ FunctionName: functionName, Payload, LogType: 'Tail' });
        const response = await client.send(command).catch((error: unknown) => problem(functionName, error));
        if ('kind' in response) await done(at, { job, log: [], answer: response });
        else await done(at, { job, log: logLines(response.LogResult), answer: await answerOf(response) });
      }
    } finally {
      client.destroy();
    }
  };
}

function logLines(tail: string | undefined): readonly string[] {
  return tail === undefined ? [] : Buffer.from(tail, 'base64').toString('utf8').trimEnd().split('\n');
}

async function answerOf({ FunctionError, Payload }: InvokeCommandOutput): Promise<FunctionAnswer> {
  const payload = jsonOrNothing(Buffer.from(Payload ?? []).toString('utf8'));
  if (FunctionError === undefined) return answerOfPayload(payload);
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
  return answerOfError(textAt(payload, 'errorType') ?? FunctionError, textAt(payload, 'errorMessage') ?? 'no message');
}

function problem(functionName: string, error: unknown): FunctionAnswer {
  const { name, message } = asError(error);
  return {
    kind: 'failed',
    message: `The function ${functionName} could not be invoked: ${message} (${name}). AWS_PROFILE and AWS_REGION, or --profile and --region, say whose and where it is.`,
  };
}
