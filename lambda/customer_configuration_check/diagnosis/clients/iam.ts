import {
  GetRoleCommand,
  IAMClient,
  type IAMClientConfig,
  type SimulatePolicyResponse,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';

/** In a file of its own, so that the client is loaded only where one is asked. */
export interface Iam {
  simulate(request: SimulatePrincipalPolicyRequest, signal: AbortSignal): Promise<SimulatePolicyResponse>;
  /** The role of that name, wherever in the account it is: a name has one role, whatever its path. */
  role(roleName: string, signal: AbortSignal): Promise<RoleByName>;
}

export interface RoleByName {
  readonly arn: string | undefined;
  readonly trustPolicy: string;
}

export function connectToIam(config: IAMClientConfig): Iam {
  const client = new IAMClient(config);
  return {
    simulate: (request, abortSignal) => client.send(new SimulatePrincipalPolicyCommand(request), { abortSignal }),
    async role(RoleName, abortSignal) {
      const { Role } = await client.send(new GetRoleCommand({ RoleName }), { abortSignal });
      // IAM URL-encodes documents: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
      return { arn: Role?.Arn, trustPolicy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '') };
    },
  };
}
