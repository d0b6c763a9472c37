import { sessionArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { checkSessionPrefix } from '../../core/object-keys.ts';
import { literally } from '../../core/texts.ts';
import type { Step } from '../../core/vocabulary.ts';
import { type Analysis, analysisOf } from '../analysis/faults.ts';
import { titleOf } from '../remedies/statement-parts.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { World } from '../world/world.ts';
import { noteAt } from './contradictions.ts';
import type { LocatedPolicy } from './locate.ts';
import type { OpenQuestion } from './questions.ts';

interface OfSessions {
  readonly questions: readonly OpenQuestion[];
  /** The steps that pass only for the check's own session. */
  readonly steps: readonly Step[];
}

/**
 * Statements that name a session of the delivery role, as AWS's messages do. The check names its session after the
 * customer; no document contains the names of the sessions that deliver reports.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function sessionsNamed(
  world: World,
  event: TestEvent,
  { faults }: Analysis,
  given: readonly LocatedPolicy[],
): OfSessions {
  const { deliveryRoleArn } = deliveryIn(world, event);
  if (deliveryRoleArn === undefined) return { questions: [], steps: [] };
  const sessions = sessionArn(deliveryRoleArn, '');
  const named = given.flatMap(({ policy }) =>
    statementsOf(policy.document).flatMap((statement, index) =>
      ['Principal', 'NotPrincipal']
        .filter((element) => JSON.stringify(statement[element] ?? '').includes(sessions))
        .map((element) => ({ policy, path: ['Statement', index, element], title: titleOf(statement, index) })),
    ),
  );
  if (named.length === 0) return { questions: [], steps: [] };
  const ofCheck = `${sessions}${checkSessionPrefix}${event.customer}`;
  const renamings = [
    // A report's session is none of those that are named, or each of them.
    [ofCheck, `${sessions}-`],
    [undefined, ofCheck],
  ] as const;
  const others = renamings
    .map(([from, to]) => analysisOf(withSessions(world, sessions, from, to), event).faults)
    .find(({ length }) => length > faults.length);
  if (!others) return { questions: [], steps: [] };
  const questions = named.map(({ policy, path, title }): OpenQuestion => {
    const about = `${title} names a session of the delivery role. Cannot know what the sessions are called that deliver reports: name the role itself, ${deliveryRoleArn}.`;
    return { note: noteAt(policy, path, about, 'unknown'), about, answers: [] };
  });
  return { questions, steps: others.map(({ step }) => step) };
}

/** A world whose policies name another session in place of one, or of all of them. */
function withSessions(world: World, sessions: string, from: string | undefined, to: string): World {
  const named = new RegExp(from === undefined ? `${literally(sessions)}[\\w+=,.@-]+` : `${literally(from)}(?=")`, 'g');
  const renamed = <T>(document: T): T => JSON.parse(JSON.stringify(document).replaceAll(named, to)) as T;
  const all = <T extends { readonly policy?: unknown }>(resources: ReadonlyMap<string, T>) =>
    new Map([...resources].map(([key, one]) => [key, one.policy ? { ...one, policy: renamed(one.policy) } : one]));
  return { ...world, buckets: all(world.buckets), keys: all(world.keys) };
}
