import { accountIn, bucketIn, identityOf } from '../arn.ts';
import type { MessageDenial } from '../aws-words/message.ts';
import { layerRow } from '../layers.ts';
import type { Denial, Remedy } from '../report.ts';
import { defined } from '../values.ts';
import type { Side } from '../vocabulary.ts';
import type { Asked } from './asked.ts';
import { adviceOn } from './by-layer.ts';
import type { Ground } from './changes.ts';
import { grantee, resourcePattern } from './statement.ts';

/** Undefined if even the layer is unknown. */
export function remedyFor(
  denial: Denial,
  asked: Asked,
  message: MessageDenial,
  ground: Ground = 'known',
): Remedy | undefined {
  const { layer, accountId } = denial;
  if (!layer) return undefined;
  const who = grantee(asked) ?? (denial.principal ? identityOf(denial.principal) : 'the caller');
  const on = resourcePattern(asked) ?? denial.resource;
  const request = `${denial.action ?? (layer === 'key-policy' ? 'use of the key' : 'this request')}${on ? ` on ${on}` : ''} for ${who}`;
  const target = targetOf(denial, who);
  const keysAccount = keysAccountIn(asked);
  const advice = adviceOn(layer, { denial, asked, message, ground, request, who, target, keysAccount });
  // The owner changes a resource's policies. If nothing else is known, that is the customer in this pattern.
  const side: Side | undefined = denial.side ?? (asked.caller === 'service' ? 'customer' : undefined);
  return {
    ...defined({ side, accountId, document: advice.document, target: advice.target }),
    instruction: advice.instruction,
    ...(advice.statement && { statement: advice.statement }),
  };
}

/** The change is on the calling role or on the resource. An organization's or endpoint's policy is on neither. */
function targetOf({ layer, resource }: Denial, who: string): string | undefined {
  const { of, document: [, owner] = [] } = layer ? layerRow(layer) : {};
  if (owner === 'caller') return who.startsWith('arn:') ? who : undefined;
  if (of === 'caller' && owner !== undefined) return undefined;
  return bucketIn(resource) ?? resource;
}

/** A bucket and its key are rarely in different accounts, so different IDs suggest a typo. */
function keysAccountIn({ role, delivery }: Asked): string | undefined {
  if (role !== 'inbox-object' || !delivery) return undefined;
  const account = accountIn(delivery.inbox.kmsKeyArn);
  return account === delivery.inbox.accountId ? undefined : account;
}
