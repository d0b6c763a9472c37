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
  /** The role's trust policy, as JSON. */
  trustPolicy(roleName: string, signal: AbortSignal): Promise<string>;
}

export function connectToIam(config: IAMClientConfig): Iam {
  const client = new IAMClient(config);
  return {
    simulate: (request, abortSignal) => client.send(new SimulatePrincipalPolicyCommand(request), { abortSignal }),
    async trustPolicy(RoleName, abortSignal) {
      const { Role } = await client.send(new GetRoleCommand({ RoleName }), { abortSignal });
      // IAM encodes documents as URLs are: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
      return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    },
  };
}
