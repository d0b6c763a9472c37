import { parseArgs } from 'node:util';
import { startDeployedCheck } from './deployed-check.ts';
import { text } from './fakes/expressions.ts';
import { startFleet } from './fleet.ts';

/**
 * Runs the health check of many customers with the deployed bundle, which is too slow for `npm test`: one malformed
 * entry, one throttled invocation and one crash, then ten denied customers.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const customers = Number(positionals[0] ?? 500);
const denied = Array.from({ length: 10 }, (_, index) => Math.floor((index * customers) / 10));
const malformed = customers - 1;

const check = await startDeployedCheck(customers);
const fleet = startFleet(check);
check.register(malformed, '{"customer": "nobody", "inbox": {}}');
for (const [name, prepare] of [
  ['all in order', () => {}],
  ['10 denied', () => denied.forEach(check.deny)],
] as const) {
  prepare();
  const trouble = ['throttle', 'crash'] as const;
  let next = 0;
  fleet.interfere = () => trouble[next++];
  const began = performance.now();
  const { status, error } = await fleet.check();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${name}: ${status} in ${seconds} s${error ? ` (${error})` : ''}`);
  const counts = new Map<string, number>();
  for (const item of fleet.account.items.values()) {
    const found = text(item['status']) ?? 'none';
    counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  console.log(`  statuses   ${[...counts].map(([found, count]) => `${count} ${found}`).join(', ')}`);
  console.log(`  announced  ${fleet.changes().length}, of ${new Set(fleet.changes()).size} customers`);
  console.log(`  messages   ${fleet.account.messages.length} in the dead-letter queue`);
}
await fleet.stop();
