import type { TestEvent } from '../../core/event.ts';
import type { Note } from '../../core/report.ts';
import { shellWord } from '../../core/shell.ts';
import { type Fault, faultsOf } from '../analysis/faults.ts';
import type { Origin } from '../template/node.ts';
import type { GivenBy, Unknown } from '../template/unknown.ts';
import type { Variant } from '../world/open-scenario.ts';
import type { Prepared } from './prepare.ts';
import type { Question } from './questions.ts';

/** What depends on values that a template leaves open. */
export interface TemplateDoubt {
  readonly questions: readonly Question[];
  readonly doubtful: readonly Fault[];
  readonly isCertain: (fault: Fault) => boolean;
}

/** @param faults of the accounts as they are supposed */
export async function doubtOfTemplate(
  variants: readonly Variant[],
  event: TestEvent,
  faults: readonly Fault[],
): Promise<TemplateDoubt> {
  const others: { readonly variant: Variant; readonly faults: readonly Fault[] }[] = [];
  for (const variant of variants) others.push({ variant, faults: await faultsOf(variant.world, event) });
  const decisive = others.filter((one) => isDifferent(one.faults, faults));
  const unknowns = new Map(decisive.map(({ variant: { unknown } }) => [unknown.key, unknown]));
  const versions = [faults, ...others.map((one) => one.faults)];
  const isCertain = (fault: Fault) => versions.every((version) => version.some((one) => isSame(one, fault)));
  return {
    questions: [...unknowns.values()].map(questionOn),
    doubtful: versions.flat().filter((fault) => !isCertain(fault)),
    isCertain,
  };
}

function questionOn({ what, given, origin, allowed = [] }: Unknown): Question {
  const option = given && `: ${optionOf(given)} says it`;
  const note: Note = {
    kind: 'unknown',
    detail: `It depends on ${what}, which nobody said${option ?? ''}.`,
    ...placeOf(origin),
  };
  if (!given) return { note, about: what, answers: [] };
  const field = given.by === 'stack-name' ? 'stackName' : `${given.by}:${given.name}`;
  return { note, about: what, answers: [{ field, allowed: 'what it is when the stack is created', choices: allowed }] };
}

function optionOf({ by, name }: GivenBy): string {
  return by === 'stack-name' ? '--stack-name NAME' : `--${by} ${shellWord(`${name}=VALUE`)}`;
}

function isSame(a: Fault, b: Fault): boolean {
  return a.layer === b.layer && a.action === b.action && a.resource === b.resource;
}

function isDifferent(a: readonly Fault[], b: readonly Fault[]): boolean {
  const isIn = (fault: Fault, list: readonly Fault[]) =>
    list.some((other) => isSame(fault, other) && fault.effect === other.effect);
  return a.length !== b.length || a.some((fault) => !isIn(fault, b));
}

/** What could not be created is not deployed at all. */
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
