import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { type Account, ask } from './ask.ts';
import type { Reading } from './reading.ts';

/** The deployed check, as far as it says how it delivers. */
export interface FunctionFacts {
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Then its requests to S3 may go through a VPC endpoint, which has a policy. */
  readonly isInVpc: boolean;
}

/** @returns undefined where no such function is deployed */
export function gatherFunction(
  account: Account,
  name: string,
  region: string,
): Promise<Reading<FunctionFacts | undefined>> {
  return ask<FunctionFacts | undefined>(
    account,
    'lambda:GetFunctionConfiguration',
    async (clients) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const { Role = '', Environment, VpcConfig } = await clients.lambda(region).send(command);
      return { roleArn: Role, environment: Environment?.Variables ?? {}, isInVpc: Boolean(VpcConfig?.VpcId) };
    },
    { ResourceNotFoundException: undefined },
  );
}
