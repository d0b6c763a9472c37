import type { World } from '../../model/world/world.ts';
import { jsonResponse } from '../wire/json.ts';
import type { SandboxRequest, SandboxResponse } from '../wire/operation.ts';
import { generateDataKey as newDataKey } from './data-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
export async function generateDataKey(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { plaintext, result } = await newDataKey(world, request, 'GenerateDataKey');
  return jsonResponse({ ...result, Plaintext: plaintext });
}
