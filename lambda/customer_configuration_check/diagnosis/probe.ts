import { type MessageDenial, readError } from '../../../core/aws-words/message.ts';
import type { EvidenceSource } from '../../../core/vocabulary.ts';
import { type Failure, failureOf } from '../errors.ts';
import type { Clients } from './clients.ts';
import { type Findings, findings, together } from './findings.ts';
import type { Situation } from './situation.ts';

/**
 * A question to AWS that is asked only after a denial. It is data, so that what is concluded from which answer can be
 * read as a table: docs/internals/causes.md is written from it.
 */
export interface Probe<Question, Answer, Item> {
  readonly id: string;
  readonly asks: string;
  readonly when: string;
  readonly as: "the check's role" | 'the delivery role';
  /** Without it the question stays open, and the report says so. */
  readonly needs: string;
  readonly source: EvidenceSource;
  /** All questions of a round are asked together; later rounds know the earlier findings. */
  readonly round: Round;
  readonly questions: (situation: Situation) => readonly Question[];
  readonly requests: number;
  /** Throws what the SDK throws. */
  readonly send: (question: Question, clients: Clients, signal: AbortSignal) => Promise<Answer>;
  /** The things that an answer is about, each compared with the rows. */
  readonly items: (question: Question, reply: Reply<Answer>) => readonly Item[];
  /** Each row that fits tells. Where none does, the question stays open. */
  readonly rows: readonly AnswerRow<Item>[];
  /** Added if the question stays open. */
  readonly openTells?: Partial<Findings>;
}

/** `last` is after clean-up, for what may take as long as there is time. */
export type Round = 1 | 2 | 'last';

export interface AnswerRow<Item> {
  readonly answer: string;
  readonly means: string;
  readonly fits: (item: Item) => boolean;
  readonly tells: (item: Item) => Findings;
}

export type Reply<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: Failure };

/** A probe as the table holds it: what its questions and answers look like is its own affair. */
export interface AnyProbe
  extends Pick<Probe<never, never, never>, 'id' | 'asks' | 'when' | 'as' | 'needs' | 'source' | 'round'> {
  readonly rows: readonly { readonly answer: string; readonly means: string }[];
  readonly plan: (situation: Situation) => readonly Inquiry[];
}

export interface Inquiry {
  readonly requests: number;
  /** Never throws for what AWS or the network do. */
  readonly ask: (clients: Clients, signal: AbortSignal) => Promise<Findings>;
  /** The findings if there was no time or request left for it. */
  readonly unasked: (why: string) => Findings;
}

export function probe<Question, Answer, Item>(definition: Probe<Question, Answer, Item>): AnyProbe {
  const { questions, send, requests, ...about } = definition;
  return {
    ...about,
    plan: (situation) =>
      questions(situation).map((question) => ({
        requests,
        ask: async (clients, signal) =>
          read(definition, question, await replyTo(() => send(question, clients, signal))),
        unasked: (why) => open(definition, why),
      })),
  };
}

type About = Pick<Probe<never, never, never>, 'asks' | 'needs' | 'source' | 'openTells'>;

async function replyTo<Answer>(send: () => Promise<Answer>): Promise<Reply<Answer>> {
  try {
    return { ok: true, answer: await send() };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function read<Question, Answer, Item>(
  definition: Probe<Question, Answer, Item>,
  question: Question,
  reply: Reply<Answer>,
): Findings {
  const told = definition
    .items(question, reply)
    .flatMap((item) => definition.rows.filter(({ fits }) => fits(item)).map(({ tells }) => tells(item)));
  if (told.length > 0) return together(told);
  const { asks, source, openTells } = definition;
  const untold = (detail: string) => findings({ ...openTells, facts: [{ source, detail }] });
  if (reply.ok) return untold(`The answer to this told nothing: ${asks}.`);
  const { verdict, error } = reply.failure;
  const said = `${error.code}: ${error.message}`;
  // The policy that denies the question may be the answer to another question.
  const { layer, action } = verdict === 'denied' ? readError(error) : {};
  const refused = layer && `${layer} refuses ${action ?? 'the question'}`;
  // AWS answered that something is not there, or not as it must be, of which no row concludes anything.
  return verdict === 'misconfigured'
    ? untold(`AWS answered ${asks} with ${said}`)
    : open(definition, refused ? `${refused}. AWS answered ${said}` : said, verdict === 'denied');
}

/** A question that AWS did not answer is evidence of nothing but that. */
function open({ asks, needs, source, openTells }: About, why: string, denied = false): Findings {
  const wish = denied ? ` With ${needs} this report could be more certain.` : '';
  const question = asks.replace(/\.$|, with .*$/s, '');
  return findings({
    ...openTells,
    facts: [{ source, detail: `Could not ask ${question}: ${why.replace(/\.$/, '')}.${wish}` }],
  });
}

export function saidIn(reply: Reply<unknown>): MessageDenial | undefined {
  return reply.ok ? undefined : readError(reply.failure.error);
}

/** IAM's code for what does not exist, and the name that the SDK gives it. */
const codes: readonly string[] = ['NoSuchEntity', 'NoSuchEntityException'];

export function isNoSuchEntity(reply: Reply<unknown>): boolean {
  return !reply.ok && codes.includes(reply.failure.error.code);
}
