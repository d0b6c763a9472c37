import type { Incoming } from '../wire/incoming.ts';
import type { ServiceOperation } from '../wire/operation.ts';
import { getFunctionConfiguration } from './get-function-configuration.ts';
import { invoke } from './invoke.ts';

/** By the operation's name in the API reference. */
export const operations: Readonly<Record<string, ServiceOperation>> = {
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

export function operationName({ method, path }: Pick<Incoming, 'method' | 'path'>): string {
  const route = routes.find((candidate) => candidate.method === method && candidate.path.test(path));
  return route?.operation ?? `${method} ${path}`;
}
