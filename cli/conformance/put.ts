import { type Accounts, Refused } from './accounts.ts';
import { type ChangeCall, callsFor } from './calls-for-change.ts';
import type { Identities } from './identities.ts';
import { type Current, changesTo, idOf, noted, type Setting } from './settings.ts';

/** What the accounts are set to, and how they get to the next world. */
export class Placement {
  readonly #current: Current = new Map();

  constructor(readonly identities: Identities) {}

  /** The calls that are needed now. */
  callsTo(wanted: readonly Setting[]): readonly ChangeCall[] {
    return callsFor(changesTo(wanted, this.#current), wanted, this.identities);
  }

  /** As if the calls had been made: for a plan. */
  suppose(calls: readonly ChangeCall[]): void {
    for (const { change, isLast } of calls) if (isLast) noted(this.#current, change);
  }

  /**
   * Puts the world into the accounts. After a refusal the accounts are between two worlds, and the next one is put from there.
   *
   * @throws Refused where AWS takes one of the documents for wrong
   */
  async put(wanted: readonly Setting[], accounts: Accounts, isNew: boolean, alive: () => void): Promise<number> {
    const calls = this.callsTo(wanted);
    for (const { call, change, isLast } of calls) {
      alive();
      try {
        await accounts.send(call, isNew);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const isGoneAlready = change.to === undefined && /^(NoSuch|NotFound)/.test(error.code);
        if (!isGoneAlready) {
          this.#doubt(change);
          throw error;
        }
      }
      if (isLast) noted(this.#current, change);
    }
    return calls.length;
  }

  /** Whatever it is now, it is written or taken away with the next world. */
  #doubt({ from, to, ...setting }: ChangeCall['change']): void {
    if (from !== undefined && to !== undefined) this.#current.set(idOf(setting), { ...setting, value: 'in doubt' });
  }
}
