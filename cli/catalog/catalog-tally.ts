import type { Denial, Diagnosis } from '../../core/report.ts';
import { namesOf } from '../../core/vocabulary.ts';
import type { Fault } from '../../model/analysis/faults.ts';
import type { Expectation } from '../../model/world/scenario.ts';
import type { FunctionAnswer } from '../run/job.ts';
import type { CheckedRemedy } from './check-remedies.ts';
import { type CheckScore, keepsPromises, nothingRight, preflightIsExact, scoreCheck } from './score-report.ts';

export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  readonly expect: Expectation;
  readonly answer: FunctionAnswer;
  readonly faults: readonly Fault[];
  readonly remedies: readonly CheckedRemedy[];
}

export interface LoadFailure {
  readonly file: string;
  readonly error: string;
}

/** The output of `catalog --json`. */
export interface Tally {
  /** All scenarios of the folder, including those that could not be loaded. */
  readonly scenarios: number;
  readonly failedToLoad: readonly LoadFailure[];
  readonly check: Readonly<Record<keyof CheckScore, number>>;
  readonly preflight: {
    readonly exact: number;
    readonly remediesOffered: number;
    /** Remedies that fix their faults and grant nothing else. */
    readonly remediesThatFix: number;
    /** Remedies with which the whole check passes, assuming that other people's tasks are done. */
    readonly remediesVerified: number;
  };
  readonly defectiveRemedies: readonly DefectiveRemedy[];
  /** Scenarios in which the check or the preflight could be better, with their results. */
  readonly mismatches: readonly ScenarioMismatch[];
}

export interface DefectiveRemedy {
  readonly file: string;
  readonly document: string;
  readonly target: string;
  readonly statement: Readonly<Record<string, unknown>>;
  readonly defects: readonly string[];
}

/** A diagnosis without its texts. */
export type Said = Denial & Pick<Diagnosis, 'step' | 'confidence' | 'candidates'>;

export interface ScenarioMismatch {
  readonly file: string;
  readonly name: string;
  readonly expected: Expectation;
  readonly check: {
    readonly score: CheckScore;
    readonly verdict?: string;
    readonly deniedStep?: string | undefined;
    readonly diagnoses?: readonly Said[];
    readonly problem?: string;
  };
  readonly preflight: { readonly exact: boolean; readonly faults: readonly Fault[] };
}

export function tally(results: readonly ScenarioResult[], failedToLoad: readonly LoadFailure[]): Tally {
  const scored = results.map((result) => ({
    result,
    score: scoreOf(result),
    exact: preflightIsExact(result.faults, result.expect),
  }));
  const count = (name: keyof CheckScore) => scored.reduce((sum, { score }) => sum + Number(score[name]), 0);
  const remedies = results.flatMap((result) => result.remedies);
  return {
    scenarios: results.length + failedToLoad.length,
    failedToLoad,
    check: Object.fromEntries(namesOf(nothingRight).map((name) => [name, count(name)])) as Tally['check'],
    preflight: {
      exact: scored.filter(({ exact }) => exact).length,
      remediesOffered: remedies.length,
      remediesThatFix: remedies.filter(({ defects }) => defects.length === 0).length,
      remediesVerified: remedies.filter(({ verified }) => verified).length,
    },
    defectiveRemedies: results.flatMap(defective),
    mismatches: scored.flatMap(({ result, score, exact }) =>
      exact && score.exact && score.complete && keepsPromises(score) ? [] : [mismatch(result, score, exact)],
    ),
  };
}

function defective({ file, remedies }: ScenarioResult): readonly DefectiveRemedy[] {
  return remedies
    .filter(({ defects }) => defects.length > 0)
    .map(({ remedy: { document, target, statement }, defects }) => ({ file, document, target, statement, defects }));
}

function scoreOf({ answer, expect }: ScenarioResult): CheckScore {
  const [report] = answer.kind === 'reports' ? answer.reports : [];
  return report ? scoreCheck(report, expect) : nothingRight;
}

function mismatch(
  { file, name, expect, answer, faults }: ScenarioResult,
  score: CheckScore,
  exact: boolean,
): ScenarioMismatch {
  const preflight = { exact, faults };
  if (answer.kind !== 'reports')
    return { file, name, expected: expect, check: { score, problem: answer.message }, preflight };
  const [report] = answer.reports;
  const diagnoses = report?.diagnoses.map(({ step, denial, confidence, candidates }) => {
    return { step, ...denial, confidence, candidates };
  });
  return {
    file,
    name,
    expected: expect,
    check: {
      score,
      ...(report && { verdict: report.verdict, deniedStep: report.deniedStep }),
      ...(diagnoses && { diagnoses }),
    },
    preflight,
  };
}

/**
 * The requirements for the whole catalog: correct verdicts and steps, nothing wrongly proven, and an exact preflight.
 */
export function isAsExpected({ scenarios, failedToLoad, check, preflight, defectiveRemedies }: Tally): boolean {
  return (
    failedToLoad.length === 0 &&
    defectiveRemedies.length === 0 &&
    check.wrongProven === 0 &&
    [check.verdict, check.deniedStep, preflight.exact].every((right) => right === scenarios)
  );
}

export function brokenPromises(tallied: Tally): readonly ScenarioMismatch[] {
  return tallied.mismatches.filter(({ check, preflight }) => !keepsPromises(check.score) || !preflight.exact);
}
