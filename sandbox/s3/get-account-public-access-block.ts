import { authorize } from '../authorization/authorize.ts';
import { denialMessage } from '../authorization/message.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../server/operation.ts';
import type { World } from '../world/world.ts';
import { accessDenied } from './errors.ts';
import { publicAccessBlockXml } from './get-public-access-block.ts';

/**
 * GetPublicAccessBlock of S3 Control: that of the caller's whole account.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export async function getAccountPublicAccessBlock(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { caller, region, headers } = request;
  const question = {
    caller,
    action: 's3:GetAccountPublicAccessBlock',
    resource: '*',
    resourceAccountId: caller.accountId,
    context: { 'aws:RequestedRegion': region },
  };
  const decision = await authorize(world, question);
  if (!decision.allowed) throw accessDenied(denialMessage(world, question, decision));
  const accountId = headers['x-amz-account-id'] ?? '';
  if (accountId !== caller.accountId) throw accessDenied();
  const settings = world.accounts.get(accountId)?.publicAccessBlock;
  if (settings) return publicAccessBlockXml(settings);
  throw new AwsError(
    'NoSuchPublicAccessBlockConfiguration',
    404,
    'The public access block configuration was not found',
    { AccountId: accountId },
  );
}
