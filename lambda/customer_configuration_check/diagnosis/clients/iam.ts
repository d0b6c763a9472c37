import {
  GetRoleCommand,
  IAMClient,
  type IAMClientConfig,
  type SimulatePolicyResponse,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';

/** In a file of its own, so that the client is loaded only when needed. */
export type Iam = ReturnType<typeof connectToIam>;

export interface RoleByName {
  readonly arn: string | undefined;
  /** As JSON. */
  readonly trustPolicy: string;
}

export function connectToIam(config: IAMClientConfig) {
  const client = new IAMClient(config);
  return {
    simulate: (request: SimulatePrincipalPolicyRequest, abortSignal: AbortSignal): Promise<SimulatePolicyResponse> =>
      client.send(new SimulatePrincipalPolicyCommand(request), { abortSignal }),
    /** The role of that name, wherever in the account it is: a name has one role, whatever its path. */
    async role(RoleName: string, abortSignal: AbortSignal): Promise<RoleByName> {
      const { Role } = await client.send(new GetRoleCommand({ RoleName }), { abortSignal });
      // IAM URL-encodes documents: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
      return { arn: Role?.Arn, trustPolicy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '') };
    },
  };
}
