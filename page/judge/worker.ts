import { judge } from '../../model/preflight/judge.ts';
import type { JudgeInput, JudgeStart, Judgment, PageSettings } from '../contract.ts';

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  onmessage: ((event: { readonly data: JudgeStart | JudgeInput }) => void) | null;
  postMessage(judgment: Judgment): void;
}

const scope = globalThis as unknown as WorkerScope;
let settings: PageSettings | undefined;

/** Runs in the worker, which has the same script as the page. */
export function answersThePage(): void {
  scope.onmessage = ({ data }) => {
    if ('start' in data) settings = data.start;
    else {
      judgment(data).then(
        (judged) => scope.postMessage(judged),
        // The page only hears of errors that are thrown outside a promise.
        (error: unknown) =>
          setTimeout(() => {
            throw error;
          }),
      );
    }
  };
}

async function judgment({ seq, ...input }: JudgeInput): Promise<Judgment> {
  const {
    templates,
    event,
    known,
    service: { accountId: _, internalKeyArn: serviceKeyArn, ...service } = {},
  } = settings ?? {};
  const stated = { ...known, ...service, ...(serviceKeyArn && { serviceKeyArn }) };
  if (!templates) throw new Error('The page did not say what the two accounts are made of.');
  return { seq, ...(await judge({ ...input, templates, stated, ...(event !== undefined && { event }) })) };
}
