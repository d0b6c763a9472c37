import type { TestEvent } from '../../core/event.ts';
import type { PolicyPartName } from '../../core/parts.ts';
import type { Note } from '../../core/report.ts';
import type { Mismatch } from '../../policy/index.ts';
import type { Doubt } from '../analysis/faults.ts';
import { rowsOf } from '../policies/context-keys.ts';
import { type RequestFact, requestFacts } from '../policies/request-facts.ts';
import { comparisonsOf } from '../remedies/statement-parts.ts';
import { type DocumentPath, inSpelling } from '../text/policy-file.ts';
import { statementsOf } from '../world/policy-parts.ts';
import { withoutStandIns } from '../world/wanted-texts.ts';
import type { World } from '../world/world.ts';
import { noteAt } from './contradictions.ts';
import type { DiagnosesInput } from './diagnoses.ts';
import type { Told } from './document-set.ts';
import { documentAtFault, type LocatedPolicy } from './locate.ts';
import { type AnswerField, answerField } from './stated-facts.ts';

/** An unknown fact, and what would answer it. */
export interface OpenQuestion {
  readonly note: Note;
  /** The question, without how to answer it. */
  readonly about: string;
  /** Any one of these fields answers it; empty if only the owner knows. */
  readonly answers: readonly AnswerField[];
  /** A missing part of the two accounts whose document would answer it. */
  readonly part?: PolicyPartName;
}

/** The fields of {@link Told} that state a fact. */
const fieldsOf: Readonly<Partial<Record<RequestFact, readonly (keyof Told)[]>>> = {
  network: ['sourceIp', 'vpcEndpoint', 'vpc'],
  vpcEndpointId: ['vpcEndpoint'],
  vpcId: ['vpc'],
  vpcClient: ['sourceIp'],
  serviceOrganization: ['serviceOrganization'],
  serviceOrganizationPath: ['serviceOrganizationPath'],
  customerOrganization: ['customerOrganization'],
  customerOrganizationPath: ['customerOrganizationPath'],
  blockPublicAccess: ['restrictPublicBuckets'],
  fullAwsAccess: ['scpReplacesFullAccess'],
};

/** Unknown facts that a decision depends on, each as a question with its condition and what answers it. */
export function questionsOf(
  world: World,
  event: TestEvent,
  doubts: readonly Doubt[],
  locate: DiagnosesInput['locate'],
): readonly OpenQuestion[] {
  const questions = doubts.flatMap((doubt) => {
    const document = documentAtFault(world, event, doubt);
    const policy = document && locate(document);
    return questionsAbout(world, doubt).map(({ detail, about = detail, path, fact }): OpenQuestion => {
      const note: Note = policy
        ? noteAt(policy, inSpelling(policy, path), detail, 'unknown')
        : { kind: 'unknown', detail };
      return { note, about, answers: (fact && fieldsOf[fact])?.map(answerField) ?? [] };
    });
  });
  return [...new Map(questions.map((question) => [JSON.stringify(question.note), question])).values()];
}

interface Asked {
  readonly detail: string;
  readonly about?: string;
  readonly path: DocumentPath;
  readonly fact?: RequestFact;
}

function questionsAbout(world: World, doubt: Doubt): readonly Asked[] {
  const { layer, statement, hangsOn, conditions = [], mismatches = [] } = doubt;
  const path: DocumentPath = statement ? ['Statement', statement.index] : ['Statement'];
  if (layer === 'block-public-access')
    return [
      { detail: `${asksFor('blockPublicAccess')}: the bucket policy is public.`, path, fact: 'blockPublicAccess' },
    ];
  if (layer === 'service-control-policy' && hangsOn.length === 0)
    return [
      { detail: `${asksFor('fullAwsAccess')}.`, about: requestFacts.fullAwsAccess.title, path, fact: 'fullAwsAccess' },
    ];
  const asking = [...conditions, ...mismatches].filter(({ unknown }) => unknown);
  return hangsOn.flatMap((key) => {
    const condition = asking.find((one) => one.key?.toLowerCase() === key.toLowerCase());
    const where: DocumentPath = condition
      ? [...path, 'Condition', condition.operator ?? '', condition.key ?? '']
      : path;
    const facts = factsOf(world, key);
    const wanted = condition ? ` (${condition.operator} ${condition.key} ${listed(condition)})` : ` (${key})`;
    if (facts.length === 0) {
      const detail = `Cannot know whether requests of the service have ${key}, which is not among the condition keys that AWS documents for them${wanted}.`;
      return [{ detail, path: where }];
    }
    return facts.map((fact) => {
      const about = `${requestFacts[fact].title}${wanted}`;
      return { detail: `${asksFor(fact)}${wanted}.`, about, path: where, fact };
    });
  });
}

function asksFor(fact: RequestFact): string {
  const { title, option } = requestFacts[fact];
  return `Cannot know ${title}; ${option === undefined ? 'the owner can tell' : `${option} tells it`}`;
}

function factsOf({ unknownFacts = new Set() }: World, key: string): readonly RequestFact[] {
  const facts = rowsOf(key)
    .flatMap(({ fact }) => fact ?? [])
    .filter((fact) => unknownFacts.has(fact));
  // Before asking for the endpoint, asks if there is one.
  return [...new Set(facts.map((fact) => (ofEndpoint.has(fact) && unknownFacts.has('network') ? 'network' : fact)))];
}

const ofEndpoint: ReadonlySet<RequestFact> = new Set(['vpcEndpointId', 'vpcId', 'vpcClient']);

const mostShown = 3;

function listed({ wanted }: Mismatch): string {
  const shown = wanted.slice(0, mostShown).map(withoutStandIns).join(' or ');
  return wanted.length > mostShown ? `${shown} or ${wanted.length - mostShown} more` : shown;
}

/** If policies of an account's own organization name an organization, it is that one. */
export function organizationNamedIn(policies: readonly LocatedPolicy['policy'][]): string | undefined {
  return policies
    .flatMap(({ document }) => statementsOf(document).flatMap(comparisonsOf))
    .filter(({ key }) => /^aws:(?:Principal|Resource)OrgID$/i.test(key))
    .flatMap(({ values }) => values)
    .find((value) => /^o-[a-z0-9]+$/.test(value));
}
