import type { Diagnosis } from '../../core/report.ts';
import type { Step } from '../../core/vocabulary.ts';
import { listAt, objectAt, textAt } from '../../lambda/customer_configuration_check/diagnosis/told.ts';
import type { TextEvent } from './event.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a report of the check, or a diagnosis of one, tells; undefined where the record is neither. */
export function eventsOfReport(record: Json, line: number, customer?: string): readonly TextEvent[] | undefined {
  const owner = textAt(record, 'customer') ?? customer;
  const place = { line, ...(owner !== undefined && { customer: owner }) };
  if (isDiagnosis(record)) return [{ kind: 'diagnosed', diagnosis: record, ...place }];
  if (!('verdict' in record) || !Array.isArray(record['steps'])) return undefined;
  const diagnoses = listAt(record, 'diagnoses').filter(isDiagnosis);
  if (diagnoses.length > 0) return diagnoses.map((diagnosis) => ({ kind: 'diagnosed', diagnosis, ...place }));
  const failed = listAt(record, 'steps').flatMap((step): TextEvent[] => failedStep(record, step, place));
  return failed.length > 0 ? failed : [{ kind: 'succeeded', ...place }];
}

/** A report without diagnoses: each step that AWS refused is a thing of its own. */
function failedStep(record: Json, result: unknown, place: Pick<TextEvent, 'line' | 'customer'>): TextEvent[] {
  const error = objectAt(result, 'error');
  // A step may fail although AWS reported no error: an object that is encrypted otherwise than asked for.
  const reason = textAt(result, 'status') === 'failed' ? textAt(result, 'reason') : undefined;
  const message = textAt(error, 'message') ?? reason;
  if (message === undefined) return [];
  return [
    {
      kind: 'failed',
      told: {
        message,
        source: 'service-message',
        code: textAt(error, 'code'),
        step: textAt(result, 'step') as Step | undefined,
        principal: textAt(record, 'principal'),
        viaS3: textAt(result, 'step') !== 'assume-delivery-role',
      },
      ...place,
    },
  ];
}

function isDiagnosis(value: unknown): value is Diagnosis {
  return (
    textAt(value, 'summary') !== undefined &&
    textAt(value, 'confidence') !== undefined &&
    objectAt(value, 'denial') !== undefined &&
    Array.isArray((value as Json)['evidence']) &&
    Array.isArray((value as Json)['candidates'])
  );
}
