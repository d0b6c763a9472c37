import type { PolicyDocument } from '../../model/world/world.ts';

/** A policy's text as IAM stores it. Positions in the simulator's answers refer to this text. */
export function policyText(document: PolicyDocument): string {
  return JSON.stringify(document, undefined, 2);
}

/** IAM returns policy documents percent-encoded per RFC 3986. */
export function encodedPolicy(document: PolicyDocument): string {
  return encodeURIComponent(policyText(document)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

interface TextPosition {
  readonly Line: number;
  readonly Column: number;
}

let last: { readonly text: string; readonly spans: readonly Span[] } = { text: '', spans: [] };
type Span = readonly [from: number, to: number];

/** Where a statement begins and ends. Positions count from one; `index` counts statements from zero. */
export function statementPosition(document: PolicyDocument, index: number): { start: TextPosition; end: TextPosition } {
  const text = policyText(document);
  // The simulator evaluates the same policy for many actions.
  if (text !== last.text) last = { text, spans: objectSpans(text, Array.isArray(document.Statement) ? 2 : 1) };
  const [from, to] = last.spans[index] ?? [0, text.length - 1];
  return { start: position(text, from), end: position(text, to) };
}

/** The `{ … }` at a nesting depth. In a policy, only statements are at this depth. */
function objectSpans(text: string, depth: number): readonly Span[] {
  const spans: Span[] = [];
  const opened: number[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') {
      opened.push(index);
    } else if (token === '}' || token === ']') {
      const from = opened.pop() ?? 0;
      if (token === '}' && opened.length === depth) spans.push([from, index]);
    }
  }
  return spans;
}

function position(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset).split('\n');
  return { Line: before.length, Column: (before.at(-1)?.length ?? 0) + 1 };
}
