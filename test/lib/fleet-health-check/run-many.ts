import { parseArgs } from 'node:util';
import { text } from './fakes/expressions.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { standInCheck } from './stand-in-check.ts';

/**
 * Runs the synthesized health check for very many customers in the local interpreter. A replacement of the function
 * answers immediately, so that only the state machine's own work is measured. Too slow for `npm test`.
 *
 * Exits with 1 unless each customer has one correct status, and each change was announced once.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const customers = Number(positionals[0] ?? 10_000);
const changing = Math.max(1, Math.round(customers / 1_000));
const denied = Array.from({ length: changing }, (_, index) => Math.floor((index * customers) / changing));

const check = standInCheck(customers);
const fleet = startFleet(check);
const problems: string[] = [];

for (const [name, prepare, expected] of [
  ['new', () => {}, 0],
  [`${changing} denied`, () => denied.forEach((customer) => void check.finds.set(customer, 'denied')), changing],
  ['the same again', () => {}, changing],
] as const) {
  prepare();
  const began = performance.now();
  const { status, error, children } = await fleet.check();
  const seconds = (performance.now() - began) / 1_000;
  const found = countsOf(fleet);
  const changes = fleet.changes();
  console.log(
    `${name}: ${status} in ${seconds.toFixed(0)} s, ${children.length} child workflows${error ? ` (${error})` : ''}`,
  );
  console.log(`  statuses   ${[...found].map(([each, count]) => `${count} ${each}`).join(', ')}`);
  console.log(`  announced  ${changes.length}, of ${new Set(changes).size} customers`);
  console.log(`  memory     ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB at most`);
  if (status !== 'SUCCEEDED') problems.push(`${name}: ${status}`);
  if (found.get('denied') !== (expected || undefined)) problems.push(`${name}: ${found.get('denied')} denied`);
  if (found.get('passed') !== customers - expected) problems.push(`${name}: ${found.get('passed')} passed`);
  if (changes.length !== expected) problems.push(`${name}: ${changes.length} announcements`);
}
if (fleet.account.messages.length > 0)
  problems.push(`${fleet.account.messages.length} messages in the dead-letter queue`);
await fleet.stop();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function countsOf({ account }: Fleet): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of account.items.values()) {
    const status = text(item['status']) ?? 'none';
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}
