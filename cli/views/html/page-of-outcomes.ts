import type { Report } from '../../../core/report.ts';
import type { JobOutcome } from '../../run/job.ts';
import type { Unanswered } from './overview.ts';
import { inTheModel, renderPage } from './page.ts';

/** What became of some test events as one page. */
export function pageOfOutcomes(outcomes: readonly JobOutcome[], generatedAt: Date): string {
  const reports: Report[] = [];
  const sources: (string | undefined)[] = [];
  const unanswered: Unanswered[] = [];
  for (const { job, answer } of outcomes) {
    if (answer.kind === 'reports') {
      reports.push(...answer.reports);
      // A batch is told apart by its customers.
      sources.push(...answer.reports.map(() => (outcomes.length > 1 ? job.title : undefined)));
    } else unanswered.push({ source: job.title, problem: answer.message });
  }
  const isModel = outcomes.every(({ job }) => job.scenario !== undefined);
  return renderPage(reports, { generatedAt, sources, unanswered, ...(isModel && { basis: inTheModel }) });
}
