import {
  GetRoleCommand,
  IAMClient,
  type IAMClientConfig,
  type SimulatePolicyResponse,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';

/** In a separate file, so that the client is loaded only when needed. */
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
    /** The role with that name. Names are unique in an account, whatever the path. */
    async role(RoleName: string, abortSignal: AbortSignal): Promise<RoleByName> {
      const { Role } = await client.send(new GetRoleCommand({ RoleName }), { abortSignal });
      // IAM URL-encodes documents: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
      return { arn: Role?.Arn, trustPolicy: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '') };
    },
  };
}
