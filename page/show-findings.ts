/// <reference lib="dom" />

import { show, showFirstEdge } from '../cli/views/html/browser/edges.ts';
import { renderPermissions } from '../cli/views/html/section.ts';
import type { Report } from '../core/report.ts';
import { element, fill } from './dom.ts';
import type { Fields } from './fields.ts';
import type { PageFindings } from './findings.ts';
import { jump, renderFaults } from './views/faults.ts';
import { renderFinish } from './views/finish.ts';
import { groupsOfQuestions } from './views/questions.ts';
import { verdictOf } from './views/verdict.ts';

/**
 * Puts what was found into the page.
 *
 * @returns the verdict in words, for people who hear the page
 */
export function showFindings(findings: PageFindings, questions: Fields): string {
  const { report, problems, checked } = findings;
  const { tone, body, sentence } = verdictOf(findings);
  const verdict = element('verdict');
  verdict.className = `verdict ${tone}`;
  fill(verdict, body);
  fill(element('faults'), renderFaults(findings));
  const groups = groupsOfQuestions(findings.questions, (place) => jump(findings, place));
  questions.ask(
    groups,
    new Map(problems.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message]]))),
  );
  fill(element('finish'), renderFinish(findings));
  if (report) draw(report);
  element('drawing').classList.toggle('stale', problems.length > 0);
  const isEmpty = (id: string) => element(id).childElementCount === 0;
  element('questions-part').classList.toggle('empty', isEmpty('questions'));
  element('faults').classList.toggle('empty', isEmpty('faults'));
  element('finish').classList.toggle('empty', !report || checked.length === 0);
  const hasFaults = problems.length > 0 || (report?.diagnoses.length ?? 0) > 0;
  element('work').classList.toggle('clean', !hasFaults && isEmpty('questions'));
  return sentence;
}

function draw(report: Report): void {
  const host = element('drawing');
  const chosen = host.querySelector('a.edge[aria-current]')?.getAttribute('href');
  const drawn = renderPermissions(report, 'r0', 2);
  if (!drawn || !fill(host, drawn)) return;
  const again = chosen && host.querySelector(`a.edge[href="${chosen}"]`);
  if (again && host.querySelectorAll('.is-refused, .is-broken, .is-suspected').length === 0) show(again);
  else showFirstEdge(host);
}
