import type { UnknownPart } from '../../model/world/scenario.ts';
import type { ReadResult } from './reading.ts';

/** A part of the scenario that nobody could read, and why. */
export interface UnreadPart extends UnknownPart {
  /** In AWS's words where AWS refused. */
  readonly reason: string;
}

/** Takes what was read, and keeps a list of what was not. */
export class UnknownParts {
  readonly #list: UnreadPart[] = [];

  /** @returns undefined where it was not read: the part is on the list then */
  take<T>(part: string, reading: ReadResult<T>): T | undefined {
    if (reading.kind === 'read') return reading.value;
    this.add(part, reading.needs, reading.reason);
    return undefined;
  }

  add(part: string, needs: string, reason: string): void {
    if (!this.#list.some((known) => known.part === part)) this.#list.push({ part, needs, reason });
  }

  get list(): readonly UnreadPart[] {
    return this.#list;
  }
}

/** Of AWS's long sentence, what does not stand beside it already: who was refused which permission. */
export function inShort(reason: string): string {
  return reason.replace(
    /User: \S+ is not authorized to perform: .*?(?= because | with an explicit deny)/s,
    'not authorized',
  );
}
