import type { Diagnosis } from '../../../core/report.ts';

/**
 * A statement that names a key which is not there, or in another Region, would open the bucket to nothing: the key's ARN
 * is to be corrected first, and may be why the bucket refuses, as bucket policies often demand their own key.
 */
export function withoutWrongKey(diagnoses: readonly Diagnosis[], kmsKeyArn: string): readonly Diagnosis[] {
  const wrong = diagnoses.find(
    ({ denial: { layer, resource } }) => resource === kmsKeyArn && (layer === 'key-missing' || layer === 'region'),
  );
  const side = wrong?.remedy?.side;
  if (!wrong) return diagnoses;
  return diagnoses.map((diagnosis) => {
    const { remedy } = diagnosis;
    if (!remedy?.statement || !JSON.stringify(remedy.statement).includes(kmsKeyArn)) return diagnosis;
    return {
      ...diagnosis,
      remedy: {
        ...(side && { side }),
        instruction:
          "Correct the key's ARN first and check again: this request names the wrong key, and a bucket policy that demands the right one refuses it.",
      },
    };
  });
}
