import type { Remedy, Report } from '../../core/report.ts';
import type { RemedyDocument } from '../../core/vocabulary.ts';

/** A remedy that can be pasted: a statement, the document type and the document's owner. */
export interface StatementRemedy extends Remedy {
  readonly document: RemedyDocument;
  readonly target: string;
  readonly statement: Readonly<Record<string, unknown>>;
}

export function hasStatement(remedy: Remedy | undefined): remedy is StatementRemedy {
  return remedy?.statement !== undefined && remedy.document !== undefined && remedy.target !== undefined;
}

/** Remedies for two denials may be the same change. */
export function isSameChange(a: StatementRemedy, b: StatementRemedy): boolean {
  return changeOf(a) === changeOf(b);
}

function changeOf({ document, target, statement }: StatementRemedy): string {
  return JSON.stringify([document, target, statement]);
}

/** Each change once, in the order of first appearance. */
export function distinct(remedies: readonly StatementRemedy[]): readonly StatementRemedy[] {
  return [...new Map(remedies.map((remedy) => [changeOf(remedy), remedy])).values()];
}

/** True if no fault is left, not even one that doesn't change the verdict, such as clean-up. */
export function wholeCheckPasses({ verdict, diagnoses, steps }: Report): boolean {
  const isInOrder = steps.every(({ status }) => status === 'passed' || status === 'skipped');
  return verdict === 'passed' && diagnoses.length === 0 && isInOrder;
}
