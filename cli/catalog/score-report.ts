import type { Diagnosis, Report } from '../../core/report.ts';
import type { Fault } from '../../model/analysis/faults.ts';
import type { Expectation, ExpectedDenial } from '../../model/world/scenario.ts';

/**
 * How one report compares with the truth about its world. The truth is the scenario's `expect`, of whose denials only
 * the listed fields are compared.
 */
export interface CheckScore {
  readonly verdict: boolean;
  readonly deniedStep: boolean;
  /** The first diagnosis names the first fault: of layers that deny the same permission, any one is the first. */
  readonly exact: boolean;
  /** The first fault is the first diagnosis or one of its candidates. */
  readonly covered: boolean;
  /** The diagnoses are all the faults and nothing else. */
  readonly complete: boolean;
  /** The number of diagnoses that are called proven and are no fault of this world. */
  readonly wrongProven: number;
}

/** The score of a scenario that could not be checked at all. */
export const nothingRight: CheckScore = {
  verdict: false,
  deniedStep: false,
  exact: false,
  covered: false,
  complete: false,
  wrongProven: 0,
};

export function scoreCheck(report: Report, expect: Expectation): CheckScore {
  // One that names no layer says that no one refused anything.
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

/** Every fault, with each listed field equal. Faults of one step have no order. */
export function preflightIsExact(found: readonly Fault[], { denials }: Expectation): boolean {
  return found.every(({ step }, at) => step === (denials[at]?.step ?? step)) && pairUp(found, denials, equals);
}

/** The requirements for every scenario, however little AWS's answers show: see {@link CheckScore}. */
export function keepsPromises(score: CheckScore): boolean {
  return score.verdict && score.deniedStep && score.wrongProven === 0;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(diagnosis: Diagnosis): Fields {
  return { ...diagnosis.denial, step: diagnosis.step };
}

/** Says all that the fault lists. The effect may be left out: AWS's answers can't always tell it. */
function names(diagnosis: Diagnosis, fault: ExpectedDenial): boolean {
  const said = fieldsOf(diagnosis);
  return listed(fault).every(
    ([field, value]) => said[field] === value || (field === 'effect' && said[field] === undefined),
  );
}

/** Contradicts nothing that the fault lists; what the diagnosis leaves out, it does not claim. */
function agrees(diagnosis: Diagnosis, fault: ExpectedDenial): boolean {
  const said = fieldsOf(diagnosis);
  return listed(fault).every(([field, value]) => said[field] === undefined || said[field] === value);
}

/** A candidate is the fault, where what it leaves out is taken from the diagnosis that it belongs to. */
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

/** Each fault has one that fits and is its own, and none is left over. */
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
