import { asError } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { AccountClients } from './account-clients.ts';
import { type ReadResult, read, UnusableAnswer } from './read-results.ts';

export interface AskedAccount {
  readonly accountId: string;
  readonly clients?: AccountClients;
}

/**
 * Sends one request to AWS.
 *
 * @param needs the required permission
 * @param absences error names that mean that something doesn't exist, and the result for each
 * @throws InputError if no answer is possible: no network, throttled, expired credentials
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

/** @param items returns the items of one page */
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
  /** Absent if there was no answer. */
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

/** Errors that say nothing about permissions: AWS is too busy, or the credentials are no longer valid. */
const noAnswer = /throttl|slowdown|toomanyrequests|requestlimit|expiredtoken|invalidclienttoken|unrecognizedclient/i;

/** An endpoint other than AWS's may lack an operation, which is handled like a denial. */
const notImplemented = 501;

function isRefusal(name: string, status: number | undefined): boolean {
  if (status === undefined || noAnswer.test(name)) return false;
  return status < 500 || status === notImplemented;
}
