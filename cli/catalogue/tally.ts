import type { Denial, Diagnosis } from '../../lambda/customer_configuration_check/report.ts';
import type { Fault } from '../../sandbox/authorization/faults.ts';
import type { Expectation } from '../../sandbox/world/scenario.ts';
import type { Answer } from '../run/answer.ts';
import { type CheckScore, keepsPromises, nothingRight, preflightIsExact, scoreCheck } from './score.ts';

/** One scenario after its check. */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  readonly expect: Expectation;
  readonly answer: Answer;
  /** What an analysis finds that sees every document. */
  readonly faults: readonly Fault[];
}

export interface LoadFailure {
  readonly file: string;
  readonly error: string;
}

/** What `catalogue --json` prints. */
export interface Tally {
  /** All of the folder, also those that could not be loaded. */
  readonly scenarios: number;
  readonly failedToLoad: readonly LoadFailure[];
  readonly check: Readonly<Record<keyof CheckScore, number>>;
  readonly preflight: {
    readonly exact: number;
    readonly remediesOffered: number;
    readonly remediesVerified: number;
  };
  /** Scenarios in which the check or the preflight could be better, with what they said. */
  readonly mismatches: readonly Mismatch[];
}

/** A diagnosis without its prose. */
export type Said = Denial & Pick<Diagnosis, 'step' | 'confidence' | 'candidates'>;

export interface Mismatch {
  readonly file: string;
  readonly name: string;
  readonly expected: Expectation;
  readonly check: {
    readonly score: CheckScore;
    readonly verdict?: string;
    readonly deniedStep?: string | undefined;
    readonly diagnoses?: readonly Said[];
    /** Why there is no report. */
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
  const count = (right: (score: CheckScore) => boolean | number) =>
    scored.reduce((sum, { score }) => sum + Number(right(score)), 0);
  const remedies = results.flatMap(({ answer }) =>
    answer.kind === 'reports' ? answer.reports.flatMap(({ diagnoses }) => diagnoses.map(({ remedy }) => remedy)) : [],
  );
  return {
    scenarios: results.length + failedToLoad.length,
    failedToLoad,
    check: {
      verdict: count(({ verdict }) => verdict),
      deniedStep: count(({ deniedStep }) => deniedStep),
      exact: count(({ exact }) => exact),
      covered: count(({ covered }) => covered),
      complete: count(({ complete }) => complete),
      wrongProven: count(({ wrongProven }) => wrongProven),
    },
    preflight: {
      exact: scored.filter(({ exact }) => exact).length,
      remediesOffered: remedies.filter((remedy) => remedy?.statement).length,
      remediesVerified: remedies.filter((remedy) => remedy?.verified === true).length,
    },
    mismatches: scored.flatMap(({ result, score, exact }) =>
      exact && score.exact && score.complete && keepsPromises(score) ? [] : [mismatch(result, score, exact)],
    ),
  };
}

function scoreOf({ answer, expect }: ScenarioResult): CheckScore {
  const [report] = answer.kind === 'reports' ? answer.reports : [];
  return report ? scoreCheck(report, expect) : nothingRight;
}

function mismatch({ file, name, expect, answer, faults }: ScenarioResult, score: CheckScore, exact: boolean): Mismatch {
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

/** What must hold: the truth about verdict and step, nothing wrongly proven, and an exact preflight, everywhere. */
export function isAsExpected({ scenarios, failedToLoad, check, preflight }: Tally): boolean {
  return (
    failedToLoad.length === 0 &&
    check.wrongProven === 0 &&
    [check.verdict, check.deniedStep, preflight.exact].every((right) => right === scenarios)
  );
}

export function brokenPromises(tallied: Tally): readonly Mismatch[] {
  return tallied.mismatches.filter(({ check, preflight }) => !keepsPromises(check.score) || !preflight.exact);
}
