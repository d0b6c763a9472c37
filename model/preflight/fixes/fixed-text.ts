import { isSameValue } from '../../../core/values.ts';
import type { PolicyFile } from '../../text/policy-file.ts';
import { statementsOf } from '../../world/policy-parts.ts';
import type { PolicyDocument } from '../../world/world.ts';
import { addedStatements, changedStatements } from './document-splices.ts';
import { type Layout, layoutOf } from './layout.ts';
import { hasFunction, type Splice, spliced, WrittenText } from './written-text.ts';

export interface FixedPolicy {
  readonly policy: PolicyFile;
  readonly document: PolicyDocument;
}

interface FixedText {
  readonly text: string;
  /** Policies that could not be written. */
  readonly left: readonly FixedPolicy[];
}

/** @param fixed all policies of one file; each is written completely or not at all */
export function fixedText(fixed: readonly [FixedPolicy, ...FixedPolicy[]]): FixedText {
  const alone = fixed.flatMap((one) => {
    const text = written([one]);
    return text !== undefined && isWritten(one, text) ? [{ one, text }] : [];
  });
  const writable = alone.map(({ one }) => one);
  const [{ policy }] = fixed;
  const [only, ...others] = alone;
  return {
    text: (only && others.length === 0 ? only.text : written(writable)) ?? policy.text,
    left: fixed.filter((one) => !writable.includes(one)),
  };
}

/** Changes a single statement before it becomes a list, because that moves it. */
function written(fixed: readonly FixedPolicy[]): string | undefined {
  const [first] = fixed;
  if (!first) return undefined;
  const { text, syntax } = first.policy;
  const changed = changedText(text, syntax, (before, layout) => {
    const parts = fixed.map(({ policy, document }) =>
      changedStatements(policy, document, before, layoutFor(policy, layout)),
    );
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  });
  return fixed.reduce<string | undefined>(
    (so, { policy, document }) =>
      so === undefined
        ? undefined
        : changedText(so, syntax, (before, layout) =>
            addedStatements(policy, document, before, layoutFor(policy, layout)),
          ),
    changed,
  );
}

/** Policies in one template use the same functions; a policy in its own file uses none. */
function layoutFor({ express }: PolicyFile, layout: Layout): Layout {
  return express ? { ...layout, express } : layout;
}

/** Cached, because one text is changed in several ways. */
let lastLayout: Layout | undefined;

function changedText(
  text: string,
  syntax: PolicyFile['syntax'],
  change: (before: WrittenText, layout: Layout) => readonly Splice[] | undefined,
): string | undefined {
  if (lastLayout?.text !== text || lastLayout.syntax !== syntax) lastLayout = layoutOf(text, syntax);
  const splices = change(new WrittenText(text, syntax), lastLayout);
  return splices && spliced(text, splices);
}

/** True if the changed text has the intended values when read again, apart from computed ones. */
function isWritten({ policy: { at, syntax, meant = (value) => value }, document }: FixedPolicy, text: string): boolean {
  const again = new WrittenText(text, syntax);
  const node = again.at(at);
  if (!node) return false;
  const value = meant(again.valueAt(at)) as PolicyDocument;
  return hasFunction(node) || isSameValue(asStrings(normal(value)), asStrings(normal(document)));
}

function normal(document: PolicyDocument): PolicyDocument {
  return { ...document, Statement: statementsOf(document) };
}

/** IAM treats true and "true" the same. */
function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asStrings(inner)]));
}
