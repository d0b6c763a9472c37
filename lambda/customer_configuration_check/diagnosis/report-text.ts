import type { Diagnosis } from '../../../core/report.ts';
import type { Step } from '../../../core/vocabulary.ts';
import { isObject, listAt, objectAt, type Told, textAt } from './told.ts';

/** A report, several, or a batch's answer. */
export function reportsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(reportsIn);
  if (listAt(value, 'reports').length > 0) return listAt(value, 'reports').flatMap(reportsIn);
  return isObject(value) && 'verdict' in value && Array.isArray(value['steps']) ? [value] : [];
}

/** The first diagnosis that one of the reports holds already, or that a printed diagnosis is. */
export function diagnosisIn(value: unknown): Diagnosis | undefined {
  if (isDiagnosis(value)) return value;
  return reportsIn(value)
    .flatMap((report) => listAt(report, 'diagnoses'))
    .find(isDiagnosis);
}

function isDiagnosis(value: unknown): value is Diagnosis {
  return (
    textAt(value, 'summary') !== undefined &&
    textAt(value, 'confidence') !== undefined &&
    objectAt(value, 'denial') !== undefined &&
    isObject(value) &&
    Array.isArray(value['evidence']) &&
    Array.isArray(value['candidates'])
  );
}

/** The first step of the reports that did not pass, in the words that say why. */
export function toldByReport(value: unknown): Told | 'succeeded' | undefined {
  const reports = reportsIn(value);
  if (reports.length === 0) return undefined;
  for (const report of reports) {
    for (const result of listAt(report, 'steps')) {
      const error = objectAt(result, 'error');
      // A step may fail although AWS reported no error: an object that is encrypted otherwise than asked for.
      const message =
        textAt(error, 'message') ?? (textAt(result, 'status') === 'failed' ? textAt(result, 'reason') : undefined);
      if (message === undefined) continue;
      return {
        message,
        source: 'service-message',
        code: textAt(error, 'code'),
        step: textAt(result, 'step') as Step | undefined,
        principal: textAt(report, 'principal'),
        viaS3: textAt(result, 'step') !== 'assume-delivery-role',
      };
    }
  }
  return 'succeeded';
}
