import { Document, visit } from 'yaml';
import { keyArn } from '../../core/arn.ts';
import { printable } from '../../core/printable.ts';
import { defined } from '../../core/values.ts';
import { faultsOf } from '../../model/analysis/faults.ts';
import { outcomeOf } from '../../model/analysis/outcome.ts';
import { withoutUnknown } from '../../model/preflight/unknown.ts';
import { defaults } from '../../model/world/default-names.ts';
import type { Scenario } from '../../model/world/scenario.ts';
import { type ScenarioFile, scenarioSchema } from '../../model/world/scenario-schema.ts';
import type { Assembly } from '../../sandbox/assembly.ts';
import { scenarioOf } from '../../sandbox/scenario-files.ts';
import { Carry } from './carry-to-scenario.ts';
import { customerPart, parametersFor } from './customer-part.ts';
import type { Collected } from './gather-accounts.ts';
import type { BucketFacts } from './gather-bucket.ts';
import { descriptionIn, isMissing, type KeyFacts, regionOf } from './gather-key.ts';
import { Portable, type RealNames } from './portable-names.ts';
import { answerIn, inShort, UnknownParts, type UnreadPart } from './read-results.ts';
import { servicePart } from './service-part.ts';

export interface CollectedScenario {
  readonly scenario: ScenarioFile;
  readonly unknown: readonly UnreadPart[];
}

/**
 * Builds the scenario from what was read, including the faults of its documents.
 *
 * @param assembly Account A as the CDK app synthesizes it, used for unknown parts
 * @param at time of reading
 */
export async function scenarioFrom(collected: Collected, assembly: Assembly, at: Date): Promise<CollectedScenario> {
  const { event, service, customer } = collected;
  const { region } = event.inbox;
  const parameters = parametersFor(customer, region, event.inbox.prefix ?? '');
  const head = {
    name: `${event.customer}: the delivery from ${service.accountId} to ${customer.accountId}, as it was on ${at.toISOString()}`,
    why: 'Read from AWS by secure-inbox collect.',
  };
  const accounts = {
    service: { accountId: service.accountId, region: service.region },
    customer: { accountId: customer.accountId, region, parameters },
  };
  // The names of all resources in the simulation are only known now.
  const keyRegion = regionOfKey(collected);
  const { world: model } = await scenarioOf(
    parsed({
      ...head,
      ...accounts,
      customer: { ...accounts.customer, ...(keyRegion !== region && { key: { region: keyRegion } }) },
      expect: { verdict: 'passed' },
    }),
    assembly,
  );
  const unknown = new UnknownParts();
  const portable = new Portable(realNames(collected), model);
  const { isTagged } = service.deliveryRole;
  const carry = new Carry(portable, unknown, answerIn(isTagged) === true);
  const world = {
    service: withoutEmpty(servicePart(service, carry)),
    customer: withoutEmpty(customerPart(customer, parameters, region, carry)),
    event: eventPart(collected, portable, unknown),
  };
  if (/"aws:SourceIp"/i.test(JSON.stringify(world))) {
    const reason = 'a policy uses the source address of requests, which no AWS call returns';
    unknown.add('service.sourceIp', 'ec2:DescribeNatGateways', reason);
  }
  const listed = unknown.list.map(({ part, needs }) => ({ part, needs }));
  const known = { ...head, ...world, ...(listed.length > 0 && { unknown: listed }) };
  const loaded = await scenarioOf(parsed({ ...known, expect: { verdict: 'passed' } }), assembly);
  return { scenario: parsed({ ...known, expect: expectation(loaded) }), unknown: unknown.list };
}

/** Faults of the documents, regardless of unknown parts. */
function expectation({ world, event, unknown }: Omit<Scenario, 'file'>): ScenarioFile['expect'] {
  const { certain, steps } = withoutUnknown(world, event, faultsOf(world, event), unknown);
  const outcome = outcomeOf(certain);
  return {
    ...(outcome.verdict === 'passed' && steps.size > 0 ? { verdict: 'inconclusive' } : outcome),
    ...(certain.length > 0 && {
      denials: certain.map(({ step, action, layer, effect, side }) => ({ step, action, layer, effect, side })),
    }),
  };
}

/** Resources that don't exist keep their names, so policies that name them stay unchanged. */
function realNames({ event, service, customer }: Collected): RealNames {
  const { key: serviceKey, checkRole, deliveryRole, internalBucket } = service;
  return {
    customer: event.customer,
    serviceAccountId: service.accountId,
    customerAccountId: customer.accountId,
    inboxBucket: customer.inbox.name,
    ...defined({
      deliveryRoleArn: answerIn(deliveryRole.exists) === false ? undefined : deliveryRole.arn,
      internalBucket: isElsewhere(internalBucket.place) ? undefined : internalBucket.name,
      checkRoleArn: checkRole?.arn,
      serviceKeyArn: serviceKey?.arn,
      inboxKeyArn: isMissing(customer.key) ? undefined : (descriptionIn(customer.key) ?? customer.key).arn,
    }),
  };
}

function regionOfKey({ event, customer }: Collected): string {
  return descriptionIn(customer.key)?.region ?? event.inbox.region;
}

/** As read back from the file, without undefined fields. */
function parsed(scenario: unknown): ScenarioFile {
  return scenarioSchema.parse(JSON.parse(JSON.stringify(scenario)));
}

/** Leaves out groups that have no known part. */
function withoutEmpty(part: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isEmpty = (value: unknown) => JSON.stringify(value) === '{}';
  return Object.fromEntries(Object.entries(part).filter(([, value]) => !isEmpty(value)));
}

/** Formats a scenario like the catalog's files, with comments that explain unknown parts. */
export function scenarioText(scenario: ScenarioFile, unknown: readonly UnreadPart[]): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  const reasons = unknown.map(({ part, reason }) => ` ${part}: ${printable(inShort(reason)).replaceAll('\n', ' ')}`);
  document.commentBefore = [
    ' Both accounts as they are, and what their documents amount to: docs/scenarios.md.',
    ...(reasons.length > 0 ? [' What could not be read, and why. The templates fill it in:', ...reasons] : []),
  ].join('\n');
  // YAML can escape terminal control characters only within double quotes.
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && printable(node.value) !== node.value) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}

/** The test event with a scenario's names; `null` removes a field that the template's own event has. */
function eventPart(
  { event, service, customer }: Collected,
  portable: Portable,
  unknown: UnknownParts,
): Readonly<Record<string, unknown>> {
  const { inbox, internal, deliveryRoleArn: _roleArn, ...rest } = event;
  const key = (arn: string) => portable.of(keyName(arn, customer.key, service.key));
  const bucket = literalInternalBucket(service.internalBucket);
  if (internal?.kmsKeyArn !== undefined) refuseThirdKey(internal.kmsKeyArn, { event, service, customer }, unknown);
  const waiting = {
    ...(bucket !== undefined && { bucket }),
    ...(internal?.kmsKeyArn !== undefined && { kmsKeyArn: key(internal.kmsKeyArn) }),
  };
  const roleIsMissing = answerIn(service.deliveryRole.exists) === false;
  return {
    ...rest,
    inbox: {
      ...inbox,
      accountId: portable.of(inbox.accountId),
      kmsKeyArn: key(inbox.kmsKeyArn),
      prefix: inbox.prefix ?? null,
    },
    internal: Object.keys(waiting).length > 0 ? waiting : null,
    ...(roleIsMissing && { deliveryRoleArn: portable.of(service.deliveryRole.arn) }),
  };
}

/** The simulation always has an internal bucket, so a missing one is represented by another name. */
function literalInternalBucket({ name, place }: Collected['service']['internalBucket']): string | undefined {
  return isElsewhere(place) ? name : undefined;
}

/** True if the account is known not to have the bucket. */
function isElsewhere(place: BucketFacts['place']): boolean {
  return place.kind === 'read' && place.value.kind !== 'owned';
}

/** A key that is not where the event says keeps the event's ARN, with its ID in the simulation. */
function keyName(arn: string, customersKey: KeyFacts, serviceKey: KeyFacts | undefined): string {
  if (arn === serviceKey?.arn) return isMissing(serviceKey) ? arn : '${serviceKeyArn}';
  if (arn !== customersKey.arn || isMissing(customersKey)) return arn;
  const isElsewhere = (descriptionIn(customersKey)?.arn ?? arn) !== arn;
  return isElsewhere ? keyArn(regionOf(arn), '${customerAccountId}', defaults.customerKeyId) : '${inboxKeyArn}';
}

/** A scenario has one key per account. */
function refuseThirdKey(arn: string, { event, service, customer }: Collected, unknown: UnknownParts): void {
  if (arn === event.inbox.kmsKeyArn || arn === customer.key.arn || arn === service.key?.arn) return;
  unknown.add('service.internal.kmsKeyPolicy', 'kms:GetKeyPolicy', `a scenario has no place for the key ${arn}`);
}
