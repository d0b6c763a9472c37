import { asError } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { AccountClients } from './account-clients.ts';
import { type ReadResult, read, UnusableAnswer } from './read-results.ts';

export interface AskedAccount {
  readonly accountId: string;
  readonly clients?: AccountClients;
}

/**
 * Asks AWS one question.
 *
 * @param needs the permission that the question takes
 * @param absences what errors say that something is not there, by their names, and what that means
 * @throws InputError where no one can be asked: no network, throttled, credentials that have expired
 */
export async function askAws<T>(
  { accountId, clients }: AskedAccount,
  needs: string,
  question: (clients: AccountClients) => Promise<T>,
  absences: Readonly<Record<string, T>> = {},
): Promise<ReadResult<T>> {
  if (!clients) return { kind: 'unread', needs, reason: `no credentials of account ${accountId} were given` };
  try {
    return read(await question(clients));
  } catch (error) {
    if (error instanceof UnusableAnswer) return { kind: 'unread', needs, reason: error.message };
    const { name, message, status } = answeredByAws(error);
    const absent = Object.entries(absences).find(([code]) => code === name);
    if (absent) return read(absent[1]);
    if (isRefusal(name, status)) return { kind: 'unread', needs, reason: `${name}: ${message}` };
    throw new InputError(
      `Account ${accountId} could not be asked for ${needs}: ${message} (${name}). Nothing has been written. Try again.`,
    );
  }
}

/** @param items of one page */
export async function ofAllPages<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

interface Answered {
  readonly name: string;
  readonly message: string;
  /** Absent where nothing answered. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The SDK's fields of an error. */
export function answeredByAws(error: unknown): Answered {
  const { name, message } = asError(error);
  const { $metadata, $response } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  };
  return { name, message, status: $metadata?.httpStatusCode, headers: $response?.headers ?? {} };
}

/** Says nothing of permissions: AWS was too busy, or does not know these credentials any more. */
const noAnswer = /throttl|slowdown|toomanyrequests|requestlimit|expiredtoken|invalidclienttoken|unrecognizedclient/i;

/** An endpoint that is not AWS's may lack an operation, which leaves the answer as open as a refusal. */
const notImplemented = 501;

function isRefusal(name: string, status: number | undefined): boolean {
  if (status === undefined || noAnswer.test(name)) return false;
  return status < 500 || status === notImplemented;
}
