import { type Explanations, explainInParts } from '../../../cli/explain/explanations.ts';
import type { Diagnosis } from '../../../core/report.ts';

/** The result of `explain` for a text. */
export function explained(text: string): Explanations {
  const reading = explainInParts(text, {});
  for (;;) {
    const { done, value } = reading.next();
    if (done) return value;
  }
}

/** Its first denial, or why there is none. */
export function explainedFirst(text: string): Diagnosis {
  const explanations = explained(text);
  return explanations.kind === 'denials' ? explanations.denials[0].diagnosis : explanations.diagnosis;
}
