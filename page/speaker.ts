/// <reference lib="dom" />

import { announce } from '../cli/views/html/browser/edges.ts';

/** While somebody types, verdicts change with every key. */
const quietMs = 700;

/** Says what has changed to people who hear the page: once nothing changes any more, and each verdict once. */
export class Speaker {
  readonly #done: string[] = [];
  #verdict = '';
  #spoken = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says what somebody has just done, before the verdict that follows from it. */
  say(text: string): void {
    this.#done.push(text);
    this.#soon();
  }

  tell(verdict: string): void {
    this.#verdict = verdict;
    if (verdict !== this.#spoken) this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const verdict = this.#verdict === this.#spoken ? [] : [this.#verdict];
      const text = [...this.#done.splice(0), ...verdict].join(' ');
      this.#spoken = this.#verdict;
      if (text !== '') announce(text);
    }, quietMs);
  }
}
