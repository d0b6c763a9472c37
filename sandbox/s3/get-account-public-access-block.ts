import type { World } from '../../model/world/world.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { askAccount } from './ask.ts';
import { accessDenied } from './errors.ts';
import { publicAccessBlockXml } from './get-public-access-block.ts';

/**
 * GetPublicAccessBlock of S3 Control: that of the caller's whole account.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html
 */
export async function getAccountPublicAccessBlock(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { caller, headers } = request;
  await askAccount(world, request, 's3:GetAccountPublicAccessBlock');
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
