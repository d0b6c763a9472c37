import { parseArn } from '../../core/arn.ts';
import { parseTestEvent, type TestEvent } from '../../core/event.ts';
import { describeProblems } from '../../core/event-problems.ts';
import { patterns } from '../../core/event-rules.ts';
import { valueAt } from '../../core/json.ts';
import { defined } from '../../core/values.ts';
import { eventProblemsIn, type SourceDocument } from '../text/document.ts';
import { InputError } from '../text/input-error.ts';
import { refuseInvalid } from '../text/read-policy-file.ts';
import { eventDefaults } from '../world/delivery-in.ts';
import { type OpenScenario, openScenarioOf } from '../world/open-scenario.ts';
import { deployedFor, type Scenario, ScenarioError, type StackTemplates, scenarioWith } from '../world/scenario.ts';
import { isStandIn } from '../world/wanted-texts.ts';
import type { World } from '../world/world.ts';
import { type WorldNames, worldNamesIn } from '../world/world-names.ts';
import { aboutKey, type DocumentSet } from './document-set.ts';
import { type Facts, factsIn, factsInTemplate, factsStated, namesFrom } from './facts.ts';
import { type LocatedPolicy, locatedIn } from './locate.ts';
import { locatedInTemplate, missingInTemplate, policyTextsInTemplate } from './locate-in-template.ts';
import { openLevels } from './open-levels.ts';
import { organizationsIn, scenarioFileOf, unsaidIn } from './scenario-of-documents.ts';
import { places } from './slots.ts';
import { unknownFactsOf } from './stated-facts.ts';

/** One customer's documents as two accounts, ready to check. */
export interface Prepared {
  readonly set: DocumentSet;
  readonly scenario: Scenario;
  readonly event: TestEvent;
  /** The facts about the two accounts from the documents; empty if an event or a scenario has them. */
  readonly facts: Facts;
  readonly given: readonly LocatedPolicy[];
  /** Policies in the customer's template, whatever its source. */
  readonly inTemplate: () => readonly LocatedPolicy[];
  /** Policies that the customer's own template could have but doesn't. */
  readonly missing?: () => readonly LocatedPolicy[];
  readonly opened?: OpenScenario;
}

/** Converts errors so that they name the documents as they were given. */
export function inputErrorIn(error: unknown, { template }: DocumentSet): unknown {
  // The user wrote no scenario, so the error must not mention this field.
  if (error instanceof ScenarioError && error.path === 'customer.template' && template) {
    const { file } = template.source;
    return new InputError(`${file}: ${error.reason}`, [{ file, message: error.reason }]);
  }
  return error;
}

/**
 * @param shipped the templates of both accounts, and the name of the customer's in notes
 * @throws InputError if an event or a template is wrong
 */
export async function preparedDocuments(
  documents: DocumentSet,
  shipped: StackTemplates,
  shippedName = shipped.customer.file,
): Promise<Prepared> {
  const { policies, template } = documents;
  const said = documents.event
    ? worldNamesIn(await validEvent(documents.event, provisional(documents.event)))
    : undefined;
  const facts: Facts = said
    ? {}
    : {
        ...(template && factsInTemplate(template.source, template.parameters)),
        ...factsIn(policies, documents.settings),
        ...factsStated(documents.stated),
      };
  const set = {
    ...documents,
    ...aboutKey(documents, facts.kmsKeyArn?.value, 'and the other documents are about another one'),
  };
  refuseProblems(set.settings);
  const names = said?.names ?? namesOfSet(set, facts);
  const organizations = organizationsIn(set);
  const asDeployed = deployedFor(scenarioFileOf(set, said, facts, organizations), [set.event?.value]);
  const templates = template ? { ...shipped, customer: template.source } : shipped;
  const opened = template && (await openScenarioOf(asDeployed, templates, names, template));
  const loaded = opened?.scenario ?? (await scenarioWith(asDeployed, templates, undefined, names));
  const unknownFacts = unknownFactsOf(set, organizations, loaded.world.buckets.get(loaded.world.inboxBucket));
  const world: World = { ...loaded.world, unknownFacts };
  const event = set.event
    ? await validEvent(set.event, eventDefaults(world))
    : { ...loaded.event, ...(set.customer && patterns.customer.test(set.customer) && { customer: set.customer }) };
  const scenario = { ...loaded, world, unknown: [...loaded.unknown, ...unsaidIn(set), ...openLevels(world, event)] };
  const name = template?.source.file ?? shippedName;
  const inTemplate = once(() => locatedInTemplate(scenario, name));
  const located = locatedIn(world, policies);
  const replaced = (found: LocatedPolicy) =>
    located.some(({ of }) => of.kind === found.of.kind && of.owner === found.of.owner);
  const ofTemplate = template ? inTemplate().filter((found) => !replaced(found)) : [];
  const texts = template ? policyTextsInTemplate(scenario, name) : [];
  refuseInvalid(
    [
      ...ofTemplate.map(({ policy }) => policy),
      ...texts.filter(({ kind }) => policies.every(({ slot }) => places[slot].kind !== kind)),
    ],
    isStandIn,
  );
  const given = [...located, ...ofTemplate];
  return {
    set,
    scenario,
    event,
    facts,
    given,
    inTemplate,
    ...(opened && {
      opened: withUnknownFacts(opened, unknownFacts),
      missing: once(() => missingInTemplate(scenario, name)),
    }),
  };
}

/** @throws InputError for an answer that can't be evaluated */
function refuseProblems(settings: DocumentSet['settings']): void {
  for (const { file, problem } of settings) if (problem !== undefined) throw new InputError(`${file}: ${problem}.`);
}

function withUnknownFacts(opened: OpenScenario, unknownFacts: World['unknownFacts']): OpenScenario {
  const variants = opened.variants.map((one) => ({
    ...one,
    world: { ...one.world, ...(unknownFacts && { unknownFacts }) },
  }));
  return { ...opened, variants };
}

function namesOfSet({ customer, template, stated = {} }: DocumentSet, facts: Facts): WorldNames {
  const { inboxBucket, ...names } = namesFrom(facts);
  const { internalBucket, serviceKeyArn } = stated;
  return {
    ...names,
    ...defined({ internalBucket, serviceKeyArn }),
    ...(customer && patterns.customer.test(customer) && { customer }),
    // The customer's own template names its bucket.
    ...(!template && inboxBucket && { inboxBucket }),
  };
}

type EventDefaults = Parameters<typeof parseTestEvent>[1];

/** Used before the accounts are known. Rules that depend on them are checked again later. */
function provisional({ value }: SourceDocument): EventDefaults {
  const arn = valueAt(value, ['internal', 'kmsKeyArn']) ?? valueAt(value, ['inbox', 'kmsKeyArn']);
  return { region: parseArn(String(arn))?.region || 'us-east-1', internalBucket: 'secure-inbox-internal' };
}

/** @throws InputError with every wrong field and its line */
export async function validEvent(source: SourceDocument, defaults: EventDefaults): Promise<TestEvent> {
  const parsed = await parseTestEvent(source.value, defaults);
  if (parsed.valid) return parsed.event;
  const problems = eventProblemsIn(source, describeProblems(parsed.problems));
  const lines = problems.map(({ file, line, message }) => `${file}:${line === undefined ? '' : `${line}:`} ${message}`);
  throw new InputError(
    lines.join('\n'),
    problems.filter(({ line }) => line !== undefined),
  );
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
