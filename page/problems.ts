import type { Judgement } from './contract.ts';
import type { DeskDocument } from './desk.ts';
import { longestDocument } from './kinds.ts';

type Problem = Judgement['problems'][number];

/** Where the check itself fails, which is a bug. */
export function failed(message: string): Judgement {
  const problem = `The check itself failed: ${message}. Your documents are unchanged.`;
  const nothing = { recognized: [], places: [], mends: [], questions: [], parameters: [] };
  return { seq: 0, ...nothing, problems: [{ message: problem }] };
}

/** What is wrong before anything is judged. */
export function tooLong({ id, editor }: DeskDocument): Problem {
  const message = `has ${editor.length.toLocaleString('en')} characters. Allowed: at most ${longestDocument.toLocaleString('en')}, which is CloudFormation's limit for templates; policies are far smaller. Remove what isn't part of the document.`;
  return { document: id, message };
}
