import { setTimeout as delay } from 'node:timers/promises';
import { valueAt } from '../../core/json.ts';
import type { Side } from '../../core/vocabulary.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { AccountClients } from '../collect/account-clients.ts';
import { operationOf, type PlannedCall, send, withLearned } from './aws-operations.ts';

/** The credentials of one of the accounts have expired, or AWS rejects them. */
class CredentialsEnded extends InputError {}

/** AWS denied a request for a reason other than a policy that has not taken effect everywhere yet. */
export class Refused extends Error {
  constructor(
    readonly call: PlannedCall,
    readonly code: string,
    readonly text: string,
    /** The HTTP status; absent if there was no answer, so it is unknown if the request was performed. */
    readonly status?: number,
  ) {
    super(`${call.operation}: ${code}: ${text}`);
  }
}

export interface Patience {
  /** How long to repeat a request whose target AWS doesn't know yet, in milliseconds. */
  readonly deadlineMs: number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly clock: () => number;
}

export interface Settling extends Patience {
  /** How long an answer must stay the same if it doesn't show that the world is in effect, in milliseconds. */
  readonly settleMs: number;
}

export const realTime = { pause: (milliseconds: number) => delay(milliseconds), clock: () => performance.now() };

/** Sends calls to the two accounts, and keeps the values in answers that later calls need. */
export class Accounts {
  readonly known = new Map<string, string>();

  constructor(
    readonly clients: Readonly<Record<Side, AccountClients>>,
    readonly region: string,
    readonly patience: Patience,
  ) {}

  /**
   * Repeats a call for a while if AWS rejects it because it doesn't know about an earlier change yet.
   *
   * @param isNew whether the call names something that was just created
   * @throws Refused, CredentialsEnded
   */
  async send(call: PlannedCall, isNew = false): Promise<Readonly<Record<string, unknown>>> {
    const { clock, pause, deadlineMs } = this.patience;
    const end = clock() + deadlineMs;
    for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await this.#once(call);
      } catch (error) {
        if (!(error instanceof Refused) || clock() + pauseMs > end) throw error;
        if (!notYet.includes(error.code) && !(isNew && notYetKnown.test(error.code))) throw error;
        await pause(pauseMs);
      }
    }
  }

  async #once(call: PlannedCall): Promise<Readonly<Record<string, unknown>>> {
    const { side, operation, input, learn } = call;
    const answer = await send(this.clients[side], this.region, operation, withLearned(input, this.known)).catch(
      (error: unknown) => {
        throw asRefusal(call, error);
      },
    );
    if (learn) this.#learn(learn.as, String(valueAt(answer, learn.from)));
    return answer;
  }

  #learn(as: string, value: string): void {
    const previous = this.known.get(as);
    if (previous !== undefined) this.known.set(`previous ${as}`, previous);
    this.known.set(as, value);
  }
}

/** Another change of the same resource is in progress. */
const notYet = ['OperationAborted', 'ConcurrentModification', 'ConflictException', 'DeleteConflict'];
/** For a principal or a resource that was just created. */
const notYetKnown = /^(MalformedPolicy|NoSuchEntity|NoSuchBucket|NotFound|InvalidArn|KMSInvalidState|AccessDenied)/;

function asRefusal(call: PlannedCall, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name: code, message } = error;
  if (endOfCredentials.test(code)) {
    return new CredentialsEnded(
      `The credentials of the ${call.side}'s account don't work any more (${operationOf(call.operation).service} ${call.operation}: ${code}: ${message}). Sign in again.`,
    );
  }
  const { $metadata, code: system } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: unknown };
  if (!$metadata && system === undefined) return error;
  return new Refused(call, code, message, $metadata?.httpStatusCode);
}

export const endOfCredentials =
  /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired|RequestExpired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|InvalidToken|CredentialsProviderError|TokenProviderError)$/;
