import type { Asked } from '../../../core/advice/asked.ts';
import type { MessageDenial } from '../../../core/aws-words/message.ts';
import { isPolicyOfCaller } from '../../../core/layers.ts';
import type { DiagnosisCase } from './case.ts';

export interface Substitute {
  /** The same question about the key that real reports wait under. */
  readonly asked: Asked;
  /** Whether what refused is likely to refuse that as well. */
  readonly isTelling: boolean;
}

/**
 * Where put-internal stored nothing, the copy reads a substitute under the service's own key. That it cannot be decrypted
 * is no fault of a delivery, which never does so; but our own policies hardly tell the two keys apart.
 *
 * @returns undefined where the question is about something else
 */
export function insteadOfSubstitute(
  { fallbackSource, delivery }: DiagnosisCase,
  asked: Asked,
  { layer }: MessageDenial,
): Substitute | undefined {
  const { kmsKeyArn } = delivery.internal;
  const isOfSubstitute = asked.role === 'internal-key' && asked.resource === fallbackSource?.kmsKeyArn;
  if (!isOfSubstitute || asked.resource === kmsKeyArn) return undefined;
  return {
    asked: { ...asked, action: 'kms:Decrypt', resource: kmsKeyArn },
    isTelling: isPolicyOfCaller(layer),
  };
}
