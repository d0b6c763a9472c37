import { functionArn } from '../../core/arn.ts';
import { asError } from '../../core/values.ts';
import type { Role, World } from '../../model/world/world.ts';
import { FunctionError, type FunctionSettings, type RunningFunction, startFunction } from '../lambda-runtime.ts';
import type { Incoming } from '../wire/incoming.ts';
import { AwsError, type SandboxRequest, type SandboxResponse, type ServiceOperation } from '../wire/operation.ts';
import { refusedByOwnAccount } from '../wire/own-account.ts';
import { notImplemented } from '../wire/protocol.ts';

/** Keyed by the operation's name in the API reference. */
export const lambdaOperations: Readonly<Record<string, ServiceOperation>> = {
  GetFunctionConfiguration: getFunctionConfiguration,
  Invoke: invoke,
};

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
const routes = [
  {
    operation: 'GetFunctionConfiguration',
    method: 'GET',
    path: /^\/2015-03-31\/functions\/[^/]+\/configuration\/?$/,
  },
  { operation: 'Invoke', method: 'POST', path: /^\/2015-03-31\/functions\/[^/]+\/invocations\/?$/ },
] as const;

export function lambdaOperationName({ method, path }: Pick<Incoming, 'method' | 'path'>): string {
  const route = routes.find((candidate) => candidate.method === method && candidate.path.test(path));
  return route?.operation ?? `${method} ${path}`;
}

/**
 * Returns a VPC configuration if the world's requests come through a VPC endpoint.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
function getFunctionConfiguration(world: World, request: SandboxRequest): SandboxResponse {
  const { name, arn, role } = ownFunction(world, request, 'GetFunctionConfiguration');
  const { vpcEndpoint } = world.network;
  const configuration = {
    FunctionName: name,
    FunctionArn: arn,
    Role: role.arn,
    Environment: { Variables: world.functionEnvironment },
    ...(vpcEndpoint && {
      VpcConfig: { SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: [], VpcId: vpcEndpoint.vpcId },
    }),
  };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(configuration) };
}

/** The answer to LogType Tail: the last 4 KB of the log. */
const tailBytes = 4096;

interface Instance extends Pick<FunctionSettings, 'bundleDir' | 'memoryMb'> {
  readonly running: RunningFunction;
  invocations: number;
  log: string[];
}

/** Kept, because starting an isolate costs more than a check. It starts over for each invocation and keeps no state. */
let idle: Instance | undefined;
/** Leftovers in an instance's memory stay until its isolate ends. */
const mostInvocations = 100;

function take(settings: FunctionSettings): Instance {
  const { bundleDir, memoryMb } = settings;
  const waiting = idle;
  if (waiting?.bundleDir === bundleDir && waiting.memoryMb === memoryMb) {
    idle = undefined;
    waiting.running.startOver(settings);
    waiting.log = [];
    return waiting;
  }
  const running = startFunction({ ...settings, log: (line) => started.log.push(line) });
  const started: Instance = { bundleDir, ...(memoryMb && { memoryMb }), running, invocations: 0, log: [] };
  return started;
}

function giveBack(instance: Instance): void {
  instance.invocations++;
  const surplus = instance.invocations < mostInvocations ? idle : instance;
  if (surplus !== instance) idle = instance;
  void surplus?.running.stop();
}

/**
 * Runs the bundle that would be deployed, if the sandbox was started with one.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
async function invoke(world: World, request: SandboxRequest): Promise<SandboxResponse> {
  const { arn } = ownFunction(world, request, 'InvokeFunction');
  const { headers, body, functionSettings } = request;
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') throw notImplemented(`the InvocationType ${type} of Invoke`);
  if (!functionSettings) throw notImplemented('Invoke where it was not given the bundle of the function');
  const instance = take({ ...functionSettings(), functionArn: arn });
  const { log } = instance;
  try {
    return answered(await instance.running.invoke(payload(body)), log, request);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const { errorType, message, trace } = error;
    return answered({ errorType, errorMessage: message, trace }, log, request, { 'x-amz-function-error': 'Unhandled' });
  } finally {
    giveBack(instance);
  }
}

function payload(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    const { message } = asError(error);
    throw new AwsError('InvalidRequestContentException', 400, `Could not parse request body into json: ${message}`, {
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

interface OwnFunction {
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
}

/**
 * The function that a request names, after checking that the caller may perform the action on it. The only function is
 * the check, in the service's account and home Region, with the name of the role that it runs as.
 *
 * @throws AwsError AccessDeniedException or ResourceNotFoundException
 */
function ownFunction(world: World, request: SandboxRequest, action: string): OwnFunction {
  const { caller, region, path } = request;
  const named = decodeURIComponent(path.split('/')[3] ?? '');
  const name = named.slice(named.lastIndexOf(':') + 1);
  const arn = functionArn(region, caller.accountId, name);
  const refusal = refusedByOwnAccount(world, request, `lambda:${action}`, arn);
  if (refusal !== undefined) throw new AwsError('AccessDeniedException', 403, refusal);

  const role = world.roles.get(world.checkRoleArn);
  const home = world.buckets.get(world.internalBucket)?.region;
  if (role?.accountId !== caller.accountId || role.name !== name || home !== region) {
    throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`, { Type: 'User' });
  }
  return { name, arn, role };
}
