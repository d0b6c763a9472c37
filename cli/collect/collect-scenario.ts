import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { isObject } from '../../core/json.ts';
import { partNames, partRow } from '../../core/parts.ts';
import type { SourceDocument } from '../../model/text/document.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { UnknownPart } from '../../model/world/scenario.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { accountsOf, type Credited, type Given } from './accounts-to-read.ts';
import { gatherAccounts } from './gather-accounts.ts';
import { type CollectedScenario, scenarioFrom, scenarioText } from './scenario-from.ts';

interface CollectOptions extends Omit<Given, 'event' | 'deliveryRoleArn'> {
  readonly source: SourceDocument;
  readonly functionName: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly synthesize: () => Promise<Assembly>;
  readonly now: Date;
  readonly onProgress: (text: string) => void;
}

/** The output of `collect --json`, apart from the file's name. */
export interface Summary {
  readonly customer: string;
  readonly accounts: Readonly<
    Record<'service' | 'customer', { readonly accountId: string; readonly as: string | null }>
  >;
  readonly read: readonly string[];
  readonly unknown: CollectedScenario['unknown'];
  readonly expect: CollectedScenario['scenario']['expect'];
}

export interface Collection {
  readonly text: string;
  readonly summary: Summary;
}

/**
 * Reads both accounts of a delivery into the text of a scenario.
 *
 * @throws InputError if the event is invalid, credentials are missing or wrong, or AWS can't be called
 */
export async function collect(options: CollectOptions): Promise<Collection> {
  const { source, environment, functionName, onProgress, now } = options;
  const stated = single(source);
  const deliveryRoleArn = stated.deliveryRoleArn ?? environment['DELIVERY_ROLE_ARN'];
  // Validated before any call, when the function's Region is still unknown.
  const event = await valid(source, options.region);
  const accounts = await accountsOf({ ...options, event, deliveryRoleArn });
  try {
    const region = options.region ?? accounts.service.region ?? event.inbox.region;
    await valid(source, region);
    const collected = await gatherAccounts({ event, ...accounts, region, functionName, environment, onProgress });
    const { scenario, unknown } = await scenarioFrom(collected, await options.synthesize(), now);
    const summary = {
      customer: event.customer,
      accounts: { service: asked(accounts.service), customer: asked(accounts.customer) },
      read: partsRead(unknown),
      unknown,
      expect: scenario.expect,
    };
    return { text: scenarioText(scenario, unknown), summary };
  } finally {
    accounts.service.clients?.destroy();
    accounts.customer.clients?.destroy();
  }
}

function asked({ accountId, arn }: Credited): Summary['accounts']['service'] {
  return { accountId, as: arn ?? null };
}

function single({ value, file }: SourceDocument): Partial<TestEvent> {
  if (isObject(value) && !('customers' in value)) return value;
  throw new InputError(`${file}: holds no single test event. Allowed: the test event of one customer, an object.`);
}

/** @param region of the function; if absent, fields that depend on it are not validated */
async function valid(source: SourceDocument, region: string | undefined): Promise<TestEvent> {
  const { inbox } = single(source);
  const parsed = await parseTestEvent(source.value, {
    region: region ?? String(inbox?.region),
    internalBucket: 'known-to-the-function',
  });
  if (parsed.valid) return parsed.event;
  const problems = parsed.problems.map(({ path, found, allowed, fix }) => {
    const line = source.lineOf(path.split(/[.[\]]+/).filter((part) => part !== ''));
    return `${source.file}:${line}: ${path || 'event'}: ${found} Allowed: ${allowed}. ${fix}`;
  });
  throw new InputError(problems.join('\n'));
}

/** Every part that collect reads, by its name in a scenario, the service's parts first. */
const collectedParts = partNames
  .filter((part) => partRow(part).collected)
  .toSorted()
  .toReversed();

/** Parts that were read: neither they nor a parent of theirs is unknown. */
function partsRead(unknown: readonly UnknownPart[]): readonly string[] {
  return collectedParts.filter((part) => !unknown.some((one) => `${part}.`.startsWith(`${one.part}.`)));
}
