import { SimulatePrincipalPolicyCommand, type SimulatePrincipalPolicyCommandInput } from '@aws-sdk/client-iam';
import type { Policy, PolicyDocument } from '../../../model/world/world.ts';
import type { servedWorld } from '../kms/served-world.ts';
import { deliveryRoleArn, editRole, serviceRoot } from '../small-world.ts';

export const report = 'arn:aws:s3:::inbox/reports/1';

/** Simulates the delivery role. */
export function simulatorOf(served: ReturnType<typeof servedWorld>) {
  const simulate = (more: Partial<SimulatePrincipalPolicyCommandInput> = {}, caller = serviceRoot) =>
    served.clientsOf(caller).iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: deliveryRoleArn,
        ActionNames: ['s3:PutObject'],
        ResourceArns: [report],
        ...more,
      }),
    );
  return {
    simulate,
    async resultOf(more: Partial<SimulatePrincipalPolicyCommandInput> = {}) {
      const { EvaluationResults: [result] = [] } = await simulate(more);
      return result;
    },
    withPolicies(...documents: (PolicyDocument | Policy)[]): void {
      const policies = documents.map((found, index) =>
        'document' in found ? found : { name: `p${index}`, document: found },
      );
      editRole(served.world, deliveryRoleArn, { policies });
    },
  };
}
