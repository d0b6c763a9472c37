import { literally } from '../../core/texts.ts';
import { scalarsIn } from '../template/node.ts';
import type { ResolvedResource, ResolvedTemplate } from '../template/resolve-template.ts';
import { hasMark, partsOf, type TextPart, type UnknownValue } from '../template/unknown.ts';
import { shapeFor, type TextContext, type WantedNames, wantedAt } from './wanted-texts.ts';

/** Possible values for what a template leaves open. */
interface OpenValues {
  /** The placeholders by key, for values that no one stated. */
  readonly supposed: Readonly<Record<string, string>>;
  /** Values that the event determines, so that the template and the event are about the same bucket. */
  readonly settled: readonly Settled[];
  /** Other values, each of which could decide whether a delivery works. */
  readonly choices: readonly ValueChoice[];
}

export interface Settled {
  readonly unknown: UnknownValue;
  readonly value: string;
}

export interface ValueChoice {
  readonly unknown: UnknownValue;
  readonly values: readonly string[];
}

const most = 8;

/** @param template resolved without assumed values */
export function openValuesOf(template: ResolvedTemplate, names: WantedNames): OpenValues {
  const contexts = template.resources.flatMap(contextsOf);
  const settled = settledByEvent(template, names);
  const isSettled = ({ key }: UnknownValue) => settled.some(({ unknown }) => unknown.key === key);
  const candidates = new Map(
    template.unknown.map((unknown) => [unknown.key, unknown.allowed ?? wantedFor(unknown, contexts, names)]),
  );
  const base = (unknown: UnknownValue): string => {
    const { key, allowed } = unknown;
    const context = contexts.find(({ parts }) =>
      parts.some((part) => typeof part === 'object' && part.unknown === key),
    );
    const [only] = context?.parts.length === 1 ? wantedAt(context.path, names).enumerated : [];
    return allowed?.[0] ?? only ?? shapeFor(context, key, names);
  };
  const supposed = Object.fromEntries(template.unknown.map((unknown) => [unknown.key, base(unknown)]));
  const choices = template.unknown
    .filter((unknown) => !isSettled(unknown))
    .map((unknown) => ({
      unknown,
      values: [...new Set(candidates.get(unknown.key))]
        .filter((value) => value !== supposed[unknown.key])
        .slice(0, most),
    }));
  return {
    supposed: { ...supposed, ...Object.fromEntries(settled.map(({ unknown, value }) => [unknown.key, value])) },
    settled,
    choices: choices.filter(({ values }) => values.length > 0),
  };
}

function contextsOf({ type, properties }: ResolvedResource): readonly TextContext[] {
  const open = scalarsIn(properties).filter(({ text }) => hasMark(text));
  return type.startsWith('AWS::IAM::') ? [] : open.map(({ text, path }) => ({ type, path, parts: partsOf(text) }));
}

/** The values that would make a text match one of a delivery's. */
function wantedFor(unknown: UnknownValue, contexts: readonly TextContext[], names: WantedNames): readonly string[] {
  const fitting = contexts.flatMap(({ path, parts }) => {
    const { texts, enumerated, takesWildcards } = wantedAt(path, names);
    const isPart = parts.some((part) => typeof part === 'object' && part.unknown === unknown.key);
    const fits = [...texts, ...enumerated].flatMap((text) => unified(parts, text).get(unknown.key) ?? []);
    return takesWildcards && isPart ? [...fits, '*'] : fits;
  });
  return [...fitting, ...unknown.named];
}

/** The value of each unknown part of a text, if the text equals another one; empty if it can't. */
function unified(parts: readonly TextPart[], text: string): ReadonlyMap<string, string> {
  const pattern = parts.map((part) => (typeof part === 'string' ? literally(part) : '(.+?)'));
  const found = new RegExp(`^${pattern.join('')}$`, 's').exec(text);
  if (!found) return new Map();
  const keys = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.unknown]));
  const values = new Map<string, string>();
  for (const [at, key] of keys.entries()) {
    const value = found[at + 1] ?? '';
    if ((values.get(key) ?? value) !== value) return new Map();
    values.set(key, value);
  }
  return values;
}

/** If exactly one bucket with an unknown name can be the inbox, its name is the one in the event. */
function settledByEvent({ resources, unknown }: ResolvedTemplate, { inboxBucket, serviceAccountId }: WantedNames) {
  const named = ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'].map((type) =>
    resources.filter((one) => one.type === type),
  );
  if (inboxBucket === undefined || named.flat().some(({ name }) => name === inboxBucket)) return [];
  // The policy of an existing bucket also contains the bucket's name.
  const [fitting = []] = named
    .map((some) => some.filter(({ name }) => unified(partsOf(name), inboxBucket).size > 0))
    .filter((some) => some.length > 0);
  const speaking = fitting.filter((bucket) =>
    policiesOf(bucket, resources).some((text) => text.includes(serviceAccountId)),
  );
  const [chosen] = fitting.length === 1 ? fitting : speaking.length === 1 ? speaking : [];
  const values = chosen ? unified(partsOf(chosen.name), inboxBucket) : new Map<string, string>();
  return unknown.flatMap((one): Settled[] => {
    const value = values.get(one.key);
    return value === undefined ? [] : [{ unknown: one, value }];
  });
}

function policiesOf({ name }: ResolvedResource, resources: readonly ResolvedResource[]): readonly string[] {
  return resources.flatMap(({ type, name: bucket, properties }) =>
    type === 'AWS::S3::BucketPolicy' && bucket === name
      ? [
          scalarsIn(properties)
            .map(({ text }) => text)
            .join('\n'),
        ]
      : [],
  );
}
