import { counted } from '../../../core/printable.ts';
import {
  brokenPromises,
  type DefectiveRemedy,
  type Said,
  type ScenarioMismatch,
  type Tally,
} from '../../catalog/catalog-tally.ts';
import { verdictAt } from '../report-words.ts';
import { describeFault } from './expectation.ts';
import { joined, type Page, wrap } from './page.ts';

/** The score of a catalog: first the mistakes in full, then the numbers. */
export function renderTally(tallied: Tally, page: Page, verbose: boolean): string {
  const { width, paint } = page;
  const wrong = brokenPromises(tallied);
  const shown = verbose ? tallied.mismatches : wrong;
  const failures = tallied.failedToLoad.flatMap(({ error }) => wrap(error, width, '    ', '  '));
  const blocks = [
    failures.length > 0 ? [paint.bad('Could not be loaded:'), ...failures] : [],
    ...shown.map((mismatch) => renderMismatch(mismatch, wrong.includes(mismatch), page)),
    ...tallied.defectiveRemedies.map((remedy) => renderDefects(remedy, page)),
    numbers(tallied),
    tallied.mismatches.length > shown.length
      ? wrap(
          `Right, but not exact or complete: ${counted(tallied.mismatches.length - shown.length, 'more scenario')}. --verbose shows what they say.`,
          width,
        )
      : [],
  ];
  return joined(blocks);
}

function renderMismatch(
  { file, name, expected, check, preflight }: ScenarioMismatch,
  wrong: boolean,
  { width, paint }: Page,
): string[] {
  const row = (label: string, text: string) => wrap(text, width, ' '.repeat(14), `    ${label.padEnd(10)}`);
  const heading = wrap(`${wrong ? '✗' : '~'} ${file}: ${name}`, width, '  ', '');
  return [
    ...heading.map((line) => (wrong ? paint.bad(line) : paint.strong(line))),
    ...row('expected', verdictAt(expected)),
    ...expected.denials.flatMap((fault) => row('', describeFault(fault))),
    ...row('check', check.problem ?? verdictAt({ ...check, verdict: check.verdict ?? '' })),
    ...(check.diagnoses ?? []).flatMap((diagnosis) => row('', describeDiagnosis(diagnosis))),
    ...(check.score.covered && !check.score.exact ? row('', '(the first fault is one of its candidates)') : []),
    ...(preflight.exact
      ? []
      : preflight.faults.flatMap((fault, at) => row(at === 0 ? 'preflight' : '', describeFault(fault)))),
    ...(preflight.exact || preflight.faults.length > 0 ? [] : row('preflight', 'no fault')),
  ];
}

function renderDefects(
  { file, document, target, statement, defects }: DefectiveRemedy,
  { width, paint }: Page,
): string[] {
  return [
    ...wrap(`✗ ${file}: the remedy for the ${document} of ${target}`, width, '  ', '').map((line) => paint.bad(line)),
    ...defects.flatMap((defect) => wrap(defect, width, '      ', '    - ')),
    `    ${JSON.stringify(statement)}`,
  ];
}

function describeDiagnosis({ confidence, candidates, ...denial }: Said): string {
  const others = candidates.length > 0 ? `, with ${counted(candidates.length, 'candidate')}` : '';
  return `${describeFault(denial)}, ${confidence}${others}`;
}

function numbers({ scenarios, failedToLoad, check, preflight }: Tally): string[] {
  const of = (count: number) => `${String(count).padStart(String(scenarios).length)} of ${scenarios}`;
  return [
    `${counted(scenarios, 'scenario')}${failedToLoad.length > 0 ? `, ${failedToLoad.length} of them could not be loaded` : ''}`,
    `  check      verdict right        ${of(check.verdict)}`,
    `             denied step right    ${of(check.deniedStep)}`,
    `             first fault named    ${of(check.exact)}`,
    `             … or a candidate     ${of(check.covered)}`,
    `             all faults named     ${of(check.complete)}`,
    `             wrong proven         ${check.wrongProven}`,
    `  preflight  all faults exact     ${of(preflight.exact)}`,
    `  remedies   offered              ${preflight.remediesOffered}`,
    `             fix, grant no more   ${preflight.remediesThatFix}`,
    `             … and check passes   ${preflight.remediesVerified}`,
  ];
}
