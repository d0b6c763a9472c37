import type { Judgment } from './contract.ts';
import type { DeskDocument } from './desk.ts';
import { longestDocument } from './kinds.ts';

type Problem = Judgment['problems'][number];

/** The check itself failed, which is a bug. */
export function failed(message: string): Judgment {
  const problem = `The check itself failed: ${message}. Your documents are unchanged.`;
  const nothing = { recognized: [], places: [], fixes: [], questions: [], parameters: [] };
  return { seq: 0, ...nothing, problems: [{ message: problem }] };
}

/** A document that is too long to judge. */
export function tooLong({ id, editor }: DeskDocument): Problem {
  const message = `has ${editor.length.toLocaleString('en')} characters. Allowed: at most ${longestDocument.toLocaleString('en')}, which is CloudFormation's limit for templates; policies are far smaller. Remove what isn't part of the document.`;
  return { document: id, message };
}
