/// <reference lib="dom" />

import { announce } from '../cli/views/html/browser/edges.ts';

/** While someone types, the verdict may change with every key. */
const quietMs = 700;

/** Announces changes to screen readers after a pause, and each verdict once. */
export class Speaker {
  readonly #done: string[] = [];
  #verdict = '';
  #spoken = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Announces an action, together with the verdict that follows. */
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
