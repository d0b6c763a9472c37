import type { World } from '../../model/world/world.ts';
import { jsonResponse } from '../wire/json.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { generateDataKey } from './data-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html */
export async function generateDataKeyWithoutPlaintext(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { result } = await generateDataKey(world, request, 'GenerateDataKeyWithoutPlaintext');
  return jsonResponse(result);
}
