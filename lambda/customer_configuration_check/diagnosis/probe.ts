import { type MessageDenial, readError } from '../../../core/aws-words/message.ts';
import type { EvidenceSource } from '../../../core/vocabulary.ts';
import { type Failure, failureOf } from '../errors.ts';
import type { Clients } from './clients.ts';
import { type Findings, findings, together } from './findings.ts';
import type { Situation } from './situation.ts';

/**
 * A question for AWS that is asked only after a denial. It is data, so that what each answer shows can be read as a
 * table: docs/internals/causes.md is generated from it.
 */
export interface Probe<Question, Answer, Item> {
  readonly id: string;
  readonly asks: string;
  readonly when: string;
  readonly as: "the check's role" | 'the delivery role';
  /** The required permission. Without it the question stays open, and the report says so. */
  readonly needs: string;
  readonly source: EvidenceSource;
  /** All questions of a round are asked at the same time. Later rounds know the findings of earlier ones. */
  readonly round: Round;
  readonly questions: (situation: Situation) => readonly Question[];
  readonly requests: number;
  /** Throws the SDK's errors. */
  readonly send: (question: Question, clients: Clients, signal: AbortSignal) => Promise<Answer>;
  /** The parts of an answer, each of which is compared with the rows. */
  readonly items: (question: Question, reply: Reply<Answer>) => readonly Item[];
  /** Every matching row adds findings. If no row matches, the question stays open. */
  readonly rows: readonly AnswerRow<Item>[];
  /** Findings to add if the question stays open. */
  readonly openTells?: Partial<Findings>;
}

/** `last` runs after clean-up, for questions that may take as long as there is time. */
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

/** A probe in the table, without its types of question and answer. */
export interface AnyProbe
  extends Pick<Probe<never, never, never>, 'id' | 'asks' | 'when' | 'as' | 'needs' | 'source' | 'round'> {
  readonly rows: readonly { readonly answer: string; readonly means: string }[];
  readonly plan: (situation: Situation) => readonly Inquiry[];
}

export interface Inquiry {
  readonly requests: number;
  /** Never throws for errors of AWS or the network. */
  readonly ask: (clients: Clients, signal: AbortSignal) => Promise<Findings>;
  /** The findings if no time or request was left. */
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
  // The policy that denies this question may answer another one.
  const { layer, action } = verdict === 'denied' ? readError(error) : {};
  const refused = layer && `${layer} refuses ${action ?? 'the question'}`;
  // AWS says that something is missing or misconfigured, but no row concludes anything from that.
  return verdict === 'misconfigured'
    ? untold(`AWS answered ${asks} with ${said}`)
    : open(definition, refused ? `${refused}. AWS answered ${said}` : said, verdict === 'denied');
}

/** If AWS doesn't answer a question, the only evidence is that it is open. */
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

/** IAM's code for something that doesn't exist, and the SDK's name for it. */
const codes: readonly string[] = ['NoSuchEntity', 'NoSuchEntityException'];

export function isNoSuchEntity(reply: Reply<unknown>): boolean {
  return !reply.ok && codes.includes(reply.failure.error.code);
}
