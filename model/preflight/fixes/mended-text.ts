import { isSameValue } from '../../template/same-value.ts';
import { yamlDocument } from '../../template/yaml-document.ts';
import type { PolicyFile } from '../../text/policy-file.ts';
import { statementsOf } from '../../world/policy-parts.ts';
import type { PolicyDocument } from '../../world/world.ts';
import { addedStatements, changedStatements } from './document-splices.ts';
import { type Layout, layoutOf } from './layout.ts';
import { hasFunction, type SourceNode, type Splice, spliced, valueAt } from './source-node.ts';
import { sourceTree } from './source-trees.ts';

/** A policy in a file, and the document that it is to become. */
export interface MendedPolicy {
  readonly policy: PolicyFile;
  readonly document: PolicyDocument;
}

export interface MendedText {
  readonly text: string;
  /** Those of its policies that could not be written. */
  readonly left: readonly MendedPolicy[];
}

/** @param mended all policies of one file: each is written as a whole or not at all */
export function mendedText(mended: readonly [MendedPolicy, ...MendedPolicy[]]): MendedText {
  const writable = mended.filter((one) => {
    const text = written([one]);
    return text !== undefined && isWritten(one, text);
  });
  const [{ policy }] = mended;
  return {
    text: written(writable) ?? policy.text,
    left: mended.filter((one) => !writable.includes(one)),
  };
}

/** Where a single statement becomes a list, what was changed in it is moved too: so it is changed before. */
function written(mended: readonly MendedPolicy[]): string | undefined {
  const [first] = mended;
  if (!first) return undefined;
  const { text, syntax } = first.policy;
  const changed = changedText(text, syntax, (root, layout) => {
    const parts = mended.map(({ policy, document }) =>
      changedStatements(policy, document, root, layoutFor(policy, layout)),
    );
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  });
  return mended.reduce<string | undefined>(
    (before, { policy, document }) =>
      before === undefined
        ? undefined
        : changedText(before, syntax, (root, layout) =>
            addedStatements(policy, document, root, layoutFor(policy, layout)),
          ),
    changed,
  );
}

/** Policies of one template are written with the same functions, a policy of a file of its own as it is. */
function layoutFor({ express }: PolicyFile, layout: Layout): Layout {
  return express ? { ...layout, express } : layout;
}

function changedText(
  text: string,
  syntax: PolicyFile['syntax'],
  change: (root: SourceNode, layout: Layout) => readonly Splice[] | undefined,
): string | undefined {
  const splices = change(sourceTree(text, syntax), layoutOf(text, syntax));
  return splices && spliced(text, splices);
}

/** Read again, the text says what it should; as far as it does not compute it. */
function isWritten({ policy, document }: MendedPolicy, text: string): boolean {
  const inFile = valueIn(text, policy);
  if (inFile === undefined) return false;
  const value = policy.meant ? policy.meant(inFile) : inFile;
  const node = valueAt(sourceTree(text, policy.syntax), policy.at);
  const isComputed = node === undefined || hasFunction(node);
  return isComputed || isSameValue(asStrings(normal(value as PolicyDocument)), asStrings(normal(document)));
}

/** Undefined where the text is not well formed. */
function valueIn(text: string, { syntax, at }: PolicyFile): unknown {
  const inner = (root: unknown) => at.reduce((value, key) => (value as Record<string | number, unknown>)?.[key], root);
  if (syntax === 'json') return inner(JSON.parse(text));
  const parsed = yamlDocument(text, { logLevel: 'silent' });
  return parsed.errors.length === 0 ? inner(parsed.toJS()) : undefined;
}

function normal(document: PolicyDocument): PolicyDocument {
  return { ...document, Statement: statementsOf(document) };
}

/** IAM makes no difference between true and "true". */
function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asStrings(inner)]));
}
