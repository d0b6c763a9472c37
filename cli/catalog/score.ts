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
  /** The first diagnosis names the first fault. */
  readonly exact: boolean;
  /** The first fault is the first diagnosis or one of its candidates. */
  readonly covered: boolean;
  /** The diagnoses are all the faults and nothing else. */
  readonly complete: boolean;
  /** How many diagnoses are called proven and are no fault of this world. */
  readonly wrongProven: number;
}

/** What a scenario that could not be checked at all scores. */
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
  const [firstFault] = faults;
  const [firstDiagnosis] = diagnoses;
  const exact =
    firstFault && firstDiagnosis ? names(firstDiagnosis, firstFault) : firstFault === undefined && !firstDiagnosis;
  return {
    verdict: report.verdict === expect.verdict,
    deniedStep: report.deniedStep === expect.deniedStep,
    exact,
    covered: exact || Boolean(firstFault && firstDiagnosis && suggests(firstDiagnosis, firstFault)),
    complete: pairUp(diagnoses, faults),
    wrongProven: report.diagnoses.filter(
      (diagnosis) => diagnosis.confidence === 'proven' && !faults.some((fault) => agrees(diagnosis, fault)),
    ).length,
  };
}

/** Every fault, in step order, with each listed field equal. */
export function preflightIsExact(found: readonly Fault[], expect: Expectation): boolean {
  return found.length === expect.denials.length && expect.denials.every((fault, at) => equals(found[at], fault));
}

/** What has to hold for every scenario, however little AWS's answers tell: see {@link CheckScore}. */
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

/** One diagnosis for each fault: each fault is named by a diagnosis of its own, and no diagnosis is left over. */
function pairUp(diagnoses: readonly Diagnosis[], faults: readonly ExpectedDenial[]): boolean {
  if (diagnoses.length !== faults.length) return false;
  const [fault, ...otherFaults] = faults;
  if (!fault) return true;
  return diagnoses.some((diagnosis, at) => names(diagnosis, fault) && pairUp(diagnoses.toSpliced(at, 1), otherFaults));
}

function equals(found: Fault | undefined, fault: ExpectedDenial): boolean {
  const fields: Fields = { ...found };
  return found !== undefined && listed(fault).every(([field, value]) => fields[field] === value);
}

function listed(fault: ExpectedDenial): [string, unknown][] {
  return Object.entries(fault).filter(([, value]) => value !== undefined);
}
