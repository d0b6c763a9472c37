import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { type AskedAccount, ask } from './ask.ts';
import type { ReadResult } from './reading.ts';

/** The deployed check, as far as it says how it delivers. */
export interface FunctionFacts {
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Set where it is in a VPC: then its requests to S3 may go through a VPC endpoint, which has a policy. */
  readonly vpc?: VpcOfFunction | undefined;
}

export interface VpcOfFunction {
  readonly id: string;
  readonly subnetIds: readonly string[];
}

/** @returns undefined where no such function is deployed */
export function gatherFunction(
  account: AskedAccount,
  name: string,
  region: string,
): Promise<ReadResult<FunctionFacts | undefined>> {
  return ask<FunctionFacts | undefined>(
    account,
    'lambda:GetFunctionConfiguration',
    async (clients) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const { Role = '', Environment, VpcConfig } = await clients.lambda(region).send(command);
      const vpc = VpcConfig?.VpcId && { id: VpcConfig.VpcId, subnetIds: VpcConfig.SubnetIds ?? [] };
      return { roleArn: Role, environment: Environment?.Variables ?? {}, ...(vpc && { vpc }) };
    },
    { ResourceNotFoundException: undefined },
  );
}
