import type { Scenario } from '../../model/world/scenario.ts';

/**
 * In an order in which a world's answer differs from that of the world before, as far as possible: so that it shows by
 * itself that the world is in force.
 */
export function inTellingOrder<T extends { readonly scenario: Scenario }>(worlds: readonly T[]): readonly T[] {
  const groups = new Map<string, T[]>();
  for (const world of worlds) {
    const answer = expectedAnswer(world.scenario);
    groups.set(answer, [...(groups.get(answer) ?? []), world]);
  }
  const ordered: T[] = [];
  let last = '';
  while (ordered.length < worlds.length) {
    const left = [...groups].filter(([, group]) => group.length > 0).sort(([, a], [, b]) => b.length - a.length);
    const [answer, group] = left.find(([name]) => name !== last) ?? left[0] ?? [];
    const next = group?.shift();
    if (answer === undefined || !next) break;
    ordered.push(next);
    last = answer;
  }
  return ordered;
}

function expectedAnswer({ expect: { verdict, deniedStep, denials } }: Scenario): string {
  const [first] = denials;
  return [verdict, deniedStep ?? '', first?.action ?? '', first?.layer ?? ''].join(' ');
}
