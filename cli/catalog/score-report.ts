import type { Diagnosis, Report } from '../../core/report.ts';
import type { Fault } from '../../model/analysis/faults.ts';
import type { Expectation, ExpectedDenial } from '../../model/world/scenario.ts';

/**
 * Compares one report with the truth about its world: the scenario's `expect`. Only the fields that it lists for a
 * denial are compared.
 */
export interface CheckScore {
  readonly verdict: boolean;
  readonly deniedStep: boolean;
  /** The first diagnosis names the first fault. If several layers deny the same permission, any of them counts. */
  readonly exact: boolean;
  /** The first fault is the first diagnosis, or one of its candidates. */
  readonly covered: boolean;
  /** The diagnoses are exactly the faults. */
  readonly complete: boolean;
  /** The number of diagnoses called proven that are not faults of this world. */
  readonly wrongProven: number;
}

/** The score of a scenario that could not be checked. */
export const nothingRight: CheckScore = {
  verdict: false,
  deniedStep: false,
  exact: false,
  covered: false,
  complete: false,
  wrongProven: 0,
};

export function scoreCheck(report: Report, expect: Expectation): CheckScore {
  // A diagnosis without a layer says that nothing was denied.
  const diagnoses = report.diagnoses.filter(({ denial }) => expect.denials.length > 0 || denial.layer !== undefined);
  const faults = expect.denials;
  const first = faults.filter(({ step, action }) => step === faults[0]?.step && action === faults[0]?.action);
  const [firstDiagnosis] = diagnoses;
  const exact = firstDiagnosis ? first.some((fault) => names(firstDiagnosis, fault)) : first.length === 0;
  return {
    verdict: report.verdict === expect.verdict,
    deniedStep: report.deniedStep === expect.deniedStep,
    exact,
    covered: exact || (firstDiagnosis !== undefined && first.some((fault) => suggests(firstDiagnosis, fault))),
    complete: pairUp(diagnoses, faults, names),
    wrongProven: report.diagnoses.filter(
      (diagnosis) => diagnosis.confidence === 'proven' && !faults.some((fault) => agrees(diagnosis, fault)),
    ).length,
  };
}

/** True if all faults were found, with each listed field equal. Faults of one step may be in any order. */
export function preflightIsExact(found: readonly Fault[], { denials }: Expectation): boolean {
  return found.every(({ step }, at) => step === (denials[at]?.step ?? step)) && pairUp(found, denials, equals);
}

/** The requirements for every scenario, however little AWS's answers reveal: see {@link CheckScore}. */
export function keepsPromises(score: CheckScore): boolean {
  return score.verdict && score.deniedStep && score.wrongProven === 0;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(diagnosis: Diagnosis): Fields {
  return { ...diagnosis.denial, step: diagnosis.step };
}

/** True if it says everything that the fault lists, except possibly the effect, which AWS's answers may not show. */
function names(diagnosis: Diagnosis, fault: ExpectedDenial): boolean {
  const said = fieldsOf(diagnosis);
  return listed(fault).every(
    ([field, value]) => said[field] === value || (field === 'effect' && said[field] === undefined),
  );
}

/** True if it contradicts nothing that the fault lists. A field that the diagnosis leaves out is no claim. */
function agrees(diagnosis: Diagnosis, fault: ExpectedDenial): boolean {
  const said = fieldsOf(diagnosis);
  return listed(fault).every(([field, value]) => said[field] === undefined || said[field] === value);
}

/** True if a candidate is the fault. Fields that it leaves out come from its diagnosis. */
function suggests(diagnosis: Diagnosis, fault: ExpectedDenial): boolean {
  return diagnosis.candidates.some((candidate) => {
    const said: Fields = {
      step: diagnosis.step,
      layer: candidate.layer,
      action: candidate.action ?? diagnosis.denial.action,
      side: candidate.side ?? fault.side,
    };
    return listed(fault).every(([field, value]) => !(field in said) || said[field] === value);
  });
}

/** True if each fault has its own match, and nothing is left over. */
function pairUp<One>(
  all: readonly One[],
  faults: readonly ExpectedDenial[],
  fits: (one: One, fault: ExpectedDenial) => boolean,
): boolean {
  if (all.length !== faults.length) return false;
  const [fault, ...otherFaults] = faults;
  if (!fault) return true;
  return all.some((one, at) => fits(one, fault) && pairUp(all.toSpliced(at, 1), otherFaults, fits));
}

function equals(found: Fault, fault: ExpectedDenial): boolean {
  const fields: Fields = { ...found };
  return listed(fault).every(([field, value]) => fields[field] === value);
}

function listed(fault: ExpectedDenial): [string, unknown][] {
  return Object.entries(fault).filter(([, value]) => value !== undefined);
}
