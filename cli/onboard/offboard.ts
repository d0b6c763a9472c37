import { InputError } from '../../model/text/input-error.ts';
import type { OnboardAccounts } from './onboard-accounts.ts';
import { Registry, type RegistryEntry } from './registry.ts';
import { required, type ServiceOptions, serviceSide } from './service-side.ts';

export interface Found {
  readonly customer: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** The registration's text. */
  readonly text: string;
}

export interface RemovedRegistration extends Found {
  /** The version ID of the delete marker. Removing the marker restores the registration. */
  readonly deleteMarker?: string;
}

/**
 * Removes a customer's registration.
 *
 * @param confirmed called with what would be removed; nothing is removed unless it returns true
 * @returns undefined if it returned false
 * @throws InputError if there is no such registration, or someone changed it in the meantime
 */
export async function offboard(
  customer: string,
  accounts: Pick<OnboardAccounts, 'service'>,
  options: ServiceOptions,
  confirmed: (found: Found) => Promise<boolean>,
): Promise<RemovedRegistration | undefined> {
  const service = await serviceSide(accounts, options, options.registry !== undefined);
  const { account, region } = service;
  try {
    const bucket = required(service, 'registry', options.serviceStack);
    const registry = new Registry(account.clients.s3(region), bucket, account.accountId);
    const entry = await registry.read(customer);
    if (!entry) throw await unknown(customer, registry);
    const found = { customer, bucket, key: registry.keyOf(customer), region, text: entry.text };
    return (await confirmed(found)) ? { ...found, ...(await removed(customer, entry, registry)) } : undefined;
  } finally {
    account.clients.destroy();
  }
}

async function removed(
  customer: string,
  entry: RegistryEntry,
  registry: Registry,
): Promise<Pick<RemovedRegistration, 'deleteMarker'>> {
  const change = await registry.remove(customer, entry);
  if (!change.changed) {
    throw new InputError(
      `${customer} was changed or removed by someone else at the same time, so nothing was removed. Run the command again to see what is registered now.`,
    );
  }
  return change.versionId === undefined ? {} : { deleteMarker: change.versionId };
}

/** Lists names with the same beginning, because mistyped names usually start correctly and a registry may be huge. */
async function unknown(customer: string, registry: Registry): Promise<InputError> {
  const [alike, first] = await Promise.all([
    registry.namesBeginning(customer.slice(0, 2)),
    registry.namesBeginning(''),
  ]);
  const names = [...new Set([...(alike ?? []), ...(first ?? [])])];
  const near = nearestTo(customer, names);
  const meant = near.length > 0 ? ` Registered are ${near.join(', ')}.` : '';
  const told =
    names.length === 0 && first !== undefined
      ? ' No customer is registered there.'
      : meant || ' No customer with a similar name was found there.';
  return new InputError(
    `--customer: ${customer} is not registered in ${registry.bucket}.${told} Allowed: the name of a registered customer, in exactly its letters.`,
  );
}

/** The maximum number of edits; beyond that, it is a different name. */
const farthest = 3;

/** The names that a mistyped one most likely means, most likely first. */
export function nearestTo(name: string, names: readonly string[], most = 5): readonly string[] {
  return names
    .map((candidate) => ({ candidate, away: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, away }) => away <= Math.min(farthest, name.length / 2) || isPart(name, candidate))
    .sort((a, b) => a.away - b.away || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

function isPart(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** The number of characters to add, drop or replace: https://en.wikipedia.org/wiki/Levenshtein_distance */
function editsBetween(a: string, b: string): number {
  let row = [...Array(b.length + 1).keys()];
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [above = 0, left = 0, diagonal = 0] = [row[j + 1], next[j], row[j]];
      next.push(Math.min(above + 1, left + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
