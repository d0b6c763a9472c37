import type { Remedy } from '../../core/report.ts';
import { type Fault, isSameRefusal } from '../analysis/faults.ts';

import type { Fixes } from '../remedies/fixes.ts';
import type { World } from '../world/world.ts';

export interface Mends extends Pick<Fixes, 'fixes' | 'left'> {
  /** Whether the whole check passes with all of them, and they open nothing. */
  readonly verified: boolean;
  /** The accounts with all of them. */
  readonly mended: World;
}

/**
 * A remedy as the smallest changes that mend its fault, also what is behind a Deny, where they change statements that are
 * there. A statement that has to be added is in the remedy already.
 */
export function asMended(remedy: Remedy, fault: Fault, { fixes, left, verified }: Mends): Remedy {
  const its = fixes.filter(({ faults }) => faults.some((one) => isSameRefusal(one, fault)));
  const isChange = its.some(({ edit }) => edit.kind === 'replace');
  if (!isChange || !remedy.document || left.some((one) => isSameRefusal(one, fault))) return remedy;
  const added = its.find(({ edit }) => edit.kind === 'add');
  const [only] = its.length === 1 ? its : [];
  const { statement: _, verified: __, ...rest } = remedy;
  const statement = (added ?? only)?.edit.statement;
  const place = `${remedy.document.replaceAll('-', ' ')} of ${remedy.target ?? 'the resource'}`;
  const changes = lowerFirst(its.map(({ summary }) => summary).join(' '));
  const then = only ? ' The statement is then as follows.' : '';
  return {
    ...rest,
    instruction: `In the ${place}, ${changes}${then}`,
    ...(statement && { statement }),
    ...(verified && { verified }),
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
