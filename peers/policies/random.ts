/** Random choices that are reproducible by seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** @returns a number from 0 up to, but not including, 1 */
  next(): number {
    // xorshift32: https://www.jstatsoft.org/article/view/v008i14
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  one<T>(all: readonly T[]): T {
    if (all.length === 0) throw new Error('There is nothing to choose from');
    return all[Math.floor(this.next() * all.length)] as T;
  }

  some<T>(all: readonly T[], most: number): readonly T[] {
    return Array.from({ length: 1 + Math.floor(this.next() * most) }, () => this.one(all));
  }
}
