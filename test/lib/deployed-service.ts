import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureInboxConfigurationCheckProps } from '../../lib/secure-inbox-configuration-check.ts';
import type { World } from '../../model/world/world.ts';
import { loadStack } from '../../sandbox/scenario-files.ts';
import { homeRegion } from '../here.ts';
import { mustHave, withBucket, withRole } from '../least-privilege/worlds.ts';
import { synthesized } from './synthesized.ts';

const stacks = new WeakMap<SecureInboxConfigurationCheckProps, ReturnType<typeof loadStack>>();

/** A world with the delivery role and internal bucket of a deployment with certain props. */
export function withDeployed(world: World, props: SecureInboxConfigurationCheckProps): World {
  const stack = stacks.get(props) ?? deployedWith(props);
  stacks.set(props, stack);
  const role = stack.roles.find(({ arn }) => arn === world.deliveryRoleArn);
  const bucket = stack.buckets.find(({ name }) => name === world.internalBucket);
  if (role === undefined || bucket === undefined) throw new Error('The deployment has other names than the world.');
  const deployed = withRole(world, { ...mustHave(world.roles, world.deliveryRoleArn), ...role });
  return withBucket(deployed, world.internalBucket, (own) => ({
    ...own,
    ...(bucket.policy && { policy: bucket.policy }),
  }));
}

function deployedWith(props: SecureInboxConfigurationCheckProps): ReturnType<typeof loadStack> {
  const folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(synthesized(props).toJSON()));
  const stack = loadStack({ file, accountId: '111111111111', region: homeRegion, stackName: 'service' });
  rmSync(folder, { recursive: true });
  return stack;
}
