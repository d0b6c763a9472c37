import { isDeepStrictEqual } from 'node:util';
import type { FunctionSettings } from '../../sandbox/lambda-runtime.ts';
import { startWaiting, type WaitingFunction } from './invoke.ts';
import type { Outcome } from './job.ts';

/**
 * The isolates of one lane. Starting one costs more than a check, so one that has kept nothing of the event before is
 * used again, as Lambda does; and while a check waits for the sandbox, the next one is started.
 */
export class Isolates {
  #used: WaitingFunction | undefined;
  #fresh: WaitingFunction | undefined;

  take(settings: FunctionSettings): WaitingFunction {
    const isolate = [this.#used, this.#fresh].find((one) => fits(one, settings));
    if (isolate === this.#used) this.#used = undefined;
    else if (isolate === this.#fresh) this.#fresh = undefined;
    return isolate ?? startWaiting(settings);
  }

  /** Starts one for these settings, unless one that has them is waiting. */
  prepare(settings: FunctionSettings): void {
    if (fits(this.#fresh, settings)) return;
    this.#fresh?.end();
    this.#fresh = startWaiting(settings);
  }

  giveBack(isolate: WaitingFunction, outcome: Outcome): void {
    this.#used?.end();
    this.#used = undefined;
    if (keptNothing(outcome)) this.#used = isolate;
    else isolate.end();
  }

  end(): void {
    this.#used?.end();
    this.#fresh?.end();
  }
}

function fits(isolate: WaitingFunction | undefined, settings: FunctionSettings): boolean {
  return isDeepStrictEqual(isolate?.settings, settings);
}

/** The function keeps the sessions of customers whose check passed, which mean nothing in another world. */
function keptNothing({ answer }: Outcome): boolean {
  return answer.kind === 'reports' && answer.reports.every(({ verdict }) => verdict !== 'passed');
}
