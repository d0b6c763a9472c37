import { isDeepStrictEqual } from 'node:util';
import type { FunctionSettings } from '../../sandbox/lambda-runtime.ts';
import { startWaiting, type WaitingFunction } from './invoke.ts';
import type { JobOutcome } from './job.ts';

/** What an instance leaves behind, above all its connections, stays until its isolate ends. */
const mostInstances = 25;

/**
 * The isolate of one lane. Starting one costs more than a check, so it is used again, as Lambda does. Where it may have
 * kept something of the event before, which would mean nothing in another world, it starts over first.
 */
export class Isolates {
  #idle: WaitingFunction | undefined;
  #next: WaitingFunction | undefined;
  #instances = 1;

  take(settings: FunctionSettings): WaitingFunction {
    const { idle, next } = { idle: this.#idle, next: this.#next };
    this.#idle = undefined;
    this.#next = undefined;
    const isolate = [idle, next].find((one) => fits(one, settings));
    if (isolate !== idle) {
      idle?.end();
      this.#instances = 1;
    }
    if (isolate !== next) next?.end();
    return isolate ?? startWaiting(settings);
  }

  /**
   * Starts one for these settings, if none that has them will be idle.
   *
   * @param working one that is to be given back
   */
  prepare(settings: FunctionSettings, working = this.#idle): void {
    if (fits(this.#next, settings) || (fits(working, settings) && this.#instances < mostInstances)) return;
    this.#next?.end();
    this.#next = startWaiting(settings);
  }

  giveBack(isolate: WaitingFunction, { answer }: JobOutcome): void {
    // Whatever did not answer may not be there any more.
    const isSpent = answer.kind !== 'reports' || this.#instances >= mostInstances;
    if (isSpent) {
      isolate.end();
      return;
    }
    // The function keeps the sessions of customers whose check passed.
    if (answer.reports.some(({ verdict }) => verdict === 'passed')) {
      this.#instances++;
      isolate.startOver();
    }
    this.#idle = isolate;
  }

  end(): void {
    this.#idle?.end();
    this.#next?.end();
  }
}

function fits(isolate: WaitingFunction | undefined, settings: FunctionSettings): boolean {
  return isDeepStrictEqual(isolate?.settings, settings);
}
