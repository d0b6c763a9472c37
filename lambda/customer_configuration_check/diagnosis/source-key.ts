import { readMessage } from '../../../core/aws-words/message.ts';
import type { DiagnosisCase } from './case.ts';
import { nothingFound } from './findings.ts';

/** A part is decrypted with two keys, which may be one: reading the source by itself tells which of them refuses. */
export function withSourceKey(input: DiagnosisCase): DiagnosisCase {
  const { allowed, answers } = input.findings ?? nothingFound;
  if (allowed.some(({ action, on }) => action === 'kms:Decrypt' && on === 'internal-key')) {
    return { ...input, sourceKey: 'allows' };
  }
  const isRefused = answers.some(
    ({ request, error }) =>
      request?.operation === 'GetObject' && readMessage(error.message, error.code).action === 'kms:Decrypt',
  );
  return isRefused ? { ...input, sourceKey: 'refuses' } : input;
}
