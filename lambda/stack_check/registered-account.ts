import { valueAt } from '../../core/json.ts';
import { registryKeyOf } from '../../core/object-keys.ts';
import type { StackCheckConfiguration } from './configuration.ts';
import { ownObjectsIn } from './own-objects.ts';
import type { RegisteredAccount } from './test-event.ts';

/**
 * Looks a customer's account up in the registry, so that no account can be checked under the name of another one's customer.
 *
 * @returns a function that throws where the registry can't be read: then nothing may be checked
 */
export function connectToRegistry(configuration: StackCheckConfiguration): (signal: AbortSignal) => RegisteredAccount {
  const { registryBucket } = configuration;
  if (registryBucket === undefined) return () => async () => undefined;
  const registry = ownObjectsIn(registryBucket, configuration);
  return (signal) => async (customer) => {
    const found = await registry.read(registryKeyOf(customer), signal);
    const account = valueAt(found?.value, ['inbox', 'accountId']);
    return typeof account === 'string' ? account : undefined;
  };
}
