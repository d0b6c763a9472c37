import type { TestEvent } from '../../core/event.ts';
import { shellWord } from '../../core/printable.ts';
import type { Note } from '../../core/report.ts';
import { type Fault, faultsOf, isSameRefusal } from '../analysis/faults.ts';
import type { Origin } from '../template/node.ts';
import type { GivenBy, UnknownValue } from '../template/unknown.ts';
import type { Variant } from '../world/open-scenario.ts';
import type { World } from '../world/world.ts';
import type { Prepared } from './prepare.ts';
import type { OpenQuestion } from './questions.ts';

/** Results that depend on values that a template leaves open. */
interface TemplateDoubt {
  readonly questions: readonly OpenQuestion[];
  readonly doubtful: readonly Fault[];
  /** Faults for every possible value, described by what is true for all of them. */
  readonly certain: readonly Fault[];
  /** The accounts with only the certain faults, if assumed values add a Deny to these. */
  readonly leastWrong?: World;
}

/** @param faults of the accounts with the assumed values */
export function doubtOfTemplate(
  variants: readonly Variant[],
  event: TestEvent,
  faults: readonly Fault[],
): TemplateDoubt {
  const others: { readonly variant: Variant; readonly faults: readonly Fault[] }[] = [];
  for (const variant of variants) others.push({ variant, faults: faultsOf(variant.world, event) });
  const decisive = others.filter((one) => isDifferent(one.faults, faults));
  const alone = decisive.flatMap(({ variant: { unknowns } }) => (unknowns.length === 1 ? unknowns : []));
  // Values that only decide in combination become one question.
  const together = decisive.flatMap(({ variant: { unknowns } }) =>
    unknowns.some((one) => alone.includes(one)) ? [] : unknowns,
  );
  const unknowns = new Map([...alone, ...together].map((unknown) => [unknown.key, unknown]));
  const versions = [faults, ...others.map((one) => one.faults)];
  const versionsOf = (fault: Fault) =>
    versions.flatMap((version) => version.find((one) => isSameRefusal(one, fault)) ?? []);
  const isCertain = (fault: Fault) => versionsOf(fault).length === versions.length;
  const certain = faults.filter(isCertain).map((fault) => commonTo(fault, versionsOf(fault)));
  const isNoWorse = (version: readonly Fault[]) =>
    certain.every((fault) => version.some((one) => isSameRefusal(one, fault) && one.effect === fault.effect));
  const [least] = isNoWorse(faults)
    ? []
    : others.filter((one) => isNoWorse(one.faults)).toSorted((a, b) => a.faults.length - b.faults.length);
  return {
    questions: [...unknowns.values()].map(questionOn),
    doubtful: versions.flat().filter((fault) => !isCertain(fault)),
    certain,
    ...(least && { leastWrong: least.variant.world }),
  };
}

/** If a Deny depends on a value, the request is certainly denied only if nothing allows it either. */
function commonTo(fault: Fault, versions: readonly Fault[]): Fault {
  const { effect, statement, mismatches: _, conditions: __, behind, ...rest } = fault;
  const isAlike = (one: Fault) =>
    one.effect === effect && (effect !== 'explicit' || one.statement?.index === statement?.index);
  if (versions.every(isAlike)) return fault;
  const silent = versions.find((one) => one.effect === 'implicit');
  if (silent && versions.every((one) => one.effect === 'implicit' || one.behind)) {
    if (effect === 'implicit') return fault;
    const closest = behind?.statement && statement && { ...behind.statement, policy: statement.policy };
    const { mismatches = [] } = behind ?? {};
    return { ...rest, effect: 'implicit', why: silent.why, mismatches, ...(closest && { statement: closest }) };
  }
  return { ...rest, ...(versions.every((one) => one.effect === effect) && effect && { effect }) };
}

function questionOn({ what, given, origin, allowed = [] }: UnknownValue): OpenQuestion {
  const option = given && `: ${optionOf(given)} sets it`;
  const note: Note = {
    kind: 'unknown',
    detail: `It depends on ${what}, which is not given${option ?? ''}.`,
    ...placeOf(origin),
  };
  if (!given) return { note, about: what, answers: [] };
  const field = given.by === 'stack-name' ? 'stackName' : `${given.by}:${given.name}`;
  return {
    note,
    about: what,
    answers: [
      {
        field,
        title: given.by === 'stack-name' ? 'Stack name' : given.name,
        allowed: 'what it is when the stack is created',
        choices: allowed,
      },
    ],
  };
}

function optionOf({ by, name }: GivenBy): string {
  return by === 'stack-name' ? '--stack-name NAME' : `--${by} ${shellWord(`${name}=VALUE`)}`;
}

function isDifferent(a: readonly Fault[], b: readonly Fault[]): boolean {
  const isIn = (fault: Fault, list: readonly Fault[]) =>
    list.some((other) => isSameRefusal(fault, other) && fault.effect === other.effect);
  return a.length !== b.length || a.some((fault) => !isIn(fault, b));
}

/** A resource that can't be created is not deployed. */
export function refusedIn({ opened }: Prepared): readonly Note[] {
  return (opened?.refused ?? []).map(({ origin, message }) => ({
    kind: 'contradiction',
    detail: `S3 would not create it: ${message}`,
    ...placeOf(origin),
  }));
}

function placeOf({ source, line, column }: Origin): Pick<Note, 'file' | 'line' | 'column'> {
  return { file: source.file, line, column };
}
