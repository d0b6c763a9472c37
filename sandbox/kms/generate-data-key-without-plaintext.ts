import { jsonResponse } from '../protocol/json.ts';
import type { SandboxRequest, SandboxResponse } from '../server/operation.ts';
import type { World } from '../world/world.ts';
import { generateDataKey } from './data-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html */
export async function generateDataKeyWithoutPlaintext(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { result } = await generateDataKey(world, request, 'GenerateDataKeyWithoutPlaintext');
  return jsonResponse(result);
}
