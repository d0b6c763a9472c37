import type { World } from '../../model/world/world.ts';
import { type AttachedPolicy, changing } from './attached-policy.ts';
import { type Check, firstBroken } from './check.ts';
import { ablationsOf } from './pieces.ts';

export interface Piece {
  readonly name: string;
  /** The check that fails without the piece; undefined if none does. */
  readonly missedBy: string | undefined;
}

/** Each piece of a policy, and the check that needs it. */
export async function piecesOf(
  world: World,
  policy: AttachedPolicy,
  checks: readonly Check[],
): Promise<readonly Piece[]> {
  const document = policy.of(world);
  if (document === undefined) throw new Error('The stack makes no such policy.');
  const pieces: Piece[] = [];
  for (const ablation of ablationsOf(document)) {
    pieces.push({ name: ablation.name, missedBy: await firstBroken(checks, changing(policy, ablation.in)) });
  }
  return pieces;
}
