import { text } from './fakes/expressions.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { type StandInCheck, standInCheck } from './stand-in-check.ts';

export function fleetOf(customers: number): { fleet: Fleet; check: StandInCheck } {
  const check = standInCheck(customers);
  return { fleet: startFleet(check), check };
}

/** A fleet whose customers passed their last check. */
export function settledFleetOf(customers: number) {
  const settled = fleetOf(customers);
  for (const registryKey of settled.fleet.keys) {
    settled.fleet.account.items.set(registryKey, {
      registryKey: { S: registryKey },
      status: { S: 'passed' },
      checkedAt: { S: '2025-12-31T23:00:00.000Z' },
    });
  }
  return settled;
}

export function statuses({ account }: Fleet): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of account.items.values()) {
    const status = text(item['status']) ?? 'none';
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

export function inconclusive({ account }: Fleet) {
  return account.events.filter(({ detailType }) => detailType === 'Customer Configuration Check Inconclusive');
}

/** The number of completed runs over every customer. */
export function finished({ account }: Fleet): number {
  return account.metrics.filter((metric) => metric.endsWith('/HealthCheckFinished')).length;
}
