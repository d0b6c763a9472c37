import { judge } from '../../model/preflight/judge.ts';
import type { JudgeInput, Judgement, JudgeStart, PageSettings } from '../contract.ts';

/** What a worker is to itself, as far as this one uses it. */
interface WorkerScope {
  onmessage: ((event: { readonly data: JudgeStart | JudgeInput }) => void) | null;
  postMessage(judgement: Judgement): void;
}

const scope = globalThis as unknown as WorkerScope;
let settings: PageSettings | undefined;

/** The page and its worker are one script: this is what it does in the worker. */
export function answersThePage(): void {
  scope.onmessage = ({ data }) => {
    if ('start' in data) settings = data.start;
    else {
      judgement(data).then(
        (judged) => scope.postMessage(judged),
        // Only what is thrown outside a promise tells the page.
        (error: unknown) =>
          setTimeout(() => {
            throw error;
          }),
      );
    }
  };
}

async function judgement({ seq, ...input }: JudgeInput): Promise<Judgement> {
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
