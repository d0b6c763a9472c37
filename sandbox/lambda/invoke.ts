import type { World } from '../../model/world/world.ts';
import { FunctionError, startFunction } from '../lambda-runtime.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { ownFunction } from './own-function.ts';

/** What LogType Tail answers: the last 4 KB of the log. */
const tailBytes = 4096;

/**
 * Runs the bundle that would be deployed, each time in an isolate of its own, where the sandbox was told how.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invoke(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { arn } = await ownFunction(world, request, 'InvokeFunction');
  const { headers, body, functionSettings } = request;
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') throw notImplemented(`the InvocationType ${type} of Invoke`);
  if (!functionSettings) throw notImplemented('Invoke where it was not given the bundle of the function');
  const log: string[] = [];
  const running = startFunction({ ...functionSettings(), functionArn: arn, log: (line) => log.push(line) });
  try {
    return answered(await running.invoke(payload(body)), log, request);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const { errorType, message, trace } = error;
    return answered({ errorType, errorMessage: message, trace }, log, request, { 'x-amz-function-error': 'Unhandled' });
  } finally {
    void running.stop();
  }
}

function payload(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidRequestContentException', 400, `Could not parse request body into json: ${reason}`, {
      Type: 'User',
    });
  }
}

function answered(
  result: unknown,
  log: readonly string[],
  { headers }: SandboxRequest,
  more: Readonly<Record<string, string>> = {},
): SandboxResponse {
  const tail = Buffer.from(log.map((line) => `${line}\n`).join('')).subarray(-tailBytes);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(headers['x-amz-log-type'] === 'Tail' && { 'x-amz-log-result': tail.toString('base64') }),
      ...more,
    },
    body: JSON.stringify(result),
  };
}
