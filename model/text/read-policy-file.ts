import { firstOf, type PolicyKind, policyProblems, refusalOf } from '../../policy/grammar.ts';
import type { ScalarNode, TemplateNode } from '../template/node.ts';
import { parseTemplate } from '../template/read-template.ts';
import { plain } from '../template/read-value.ts';
import type { PolicyDocument } from '../world/world.ts';
import { inMegabytes, parseSource, type SourceDocument } from './document.ts';
import { InputError, type InputProblem } from './input-error.ts';
import { type DocumentPath, excerptAt, type PolicyFile, placed, positionIn } from './policy-file.ts';
import { notationOf } from './text-tree.ts';

/**
 * Reads a file that contains one policy.
 *
 * @param text the file's content, without a byte order mark
 * @param source the parsed text, if it was parsed already
 * @throws InputError with file and line if it is not JSON or YAML, or with all reasons for which the policy's service
 *   would reject it
 */
export function policyFileOf(
  text: string,
  file: string,
  kind: PolicyKind,
  // Its messages about malformed JSON are better than those of the reader that keeps positions.
  { value }: SourceDocument = parseSource(text, file),
): PolicyFile {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${file}: a policy is an object with a Statement, not ${JSON.stringify(value).slice(0, 40)}.`);
  }
  // That reader keeps the position of each value. No policy has that many values.
  if (text.length > longest) {
    throw new InputError(
      `${file}: has ${inMegabytes(text.length)}, and no policy of AWS has more than 32 kB. Is it another file?`,
    );
  }
  const policy = unvalidated(text, file, kind, parseTemplate({ file, text }));
  refuseInvalid([policy]);
  return policy;
}

/** White space may be many times longer than what counts. */
const longest = 500_000;

/**
 * A policy within a larger file.
 *
 * @param at the path of the document in the file; not empty
 * @param node the document with the positions of its parts; in a template, with its functions resolved
 */
export function embeddedPolicy(
  { file, text }: Pick<PolicyFile, 'file' | 'text'>,
  kind: PolicyKind,
  at: DocumentPath,
  node: TemplateNode,
): PolicyFile {
  return { ...unvalidated(text, file, kind, node), document: plain(node, asText) as PolicyDocument, at };
}

function unvalidated(text: string, file: string, kind: PolicyKind, node: TemplateNode): PolicyFile {
  return {
    file,
    text,
    syntax: notationOf(file, text),
    kind,
    at: [],
    document: plain(node, asStored) as PolicyDocument,
    positionOf: (path) => positionIn(node, path),
  };
}

/** As IAM stores it: `aws:SecureTransport: false` becomes a string, like all values of conditions. */
function asStored(node: ScalarNode): unknown {
  return /(?:^|\.)Condition\b/.test(node.origin.path) ? asText(node) : node.value;
}

/** As CloudFormation passes it on: an account ID without quotes is a string too. */
function asText({ value, text }: ScalarNode): unknown {
  return value === null || typeof value === 'string' ? value : text;
}

/**
 * @param isMadeUp tells if a message is about a value that no one wrote
 * @throws InputError with the reasons for which these policies would not be saved: the first of each, and a count
 */
export function refuseInvalid(
  policies: readonly PolicyFile[],
  isMadeUp: (message: string) => boolean = () => false,
): void {
  const problems: InputProblem[] = [];
  const refused = policies.flatMap((policy) => {
    const refusals = refusalsOf(policy).filter(({ message }) => !isMadeUp(message));
    if (refusals.length === 0) return [];
    for (const { at, message } of refusals) problems.push({ file: policy.file, ...at, message });
    const { file, text, kind } = policy;
    const { first, more } = firstOf(refusals);
    const reasons = first.map(({ at, message }) => `${placed(file, at)}: ${message}\n${excerptAt(text, at)}`);
    return [`${file}: ${refusalOf(kind)}.`, ...reasons, ...(more > 0 ? [`${file}: and ${more} more.`] : [])];
  });
  if (refused.length > 0) throw new InputError(refused.join('\n'), problems);
}

/** Every reason for which the document's service would not save it, in file order; empty if it would. */
function refusalsOf({ kind, document, positionOf }: PolicyFile) {
  const placed = policyProblems(kind, document).map(({ at, message }) => ({ at: positionOf(at), message }));
  const distinct = new Map(placed.map((one) => [`${one.at.line}:${one.at.column} ${one.message}`, one]));
  return [...distinct.values()].sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
