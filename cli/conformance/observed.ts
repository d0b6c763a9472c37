import type { Report } from '../../core/report.ts';
import type { HttpExchange } from '../../sandbox/lambda-runtime.ts';
import type { FunctionAnswer } from '../run/job.ts';
import { neutral, type RecordedAnswer, recordedAnswer } from './exchange.ts';
import type { Renaming } from './naming.ts';

/** What one check of a world has shown: the same, whatever the accounts and resources are called. */
export interface Observed {
  readonly answers: readonly RecordedAnswer[];
  readonly report: ObservedReport;
}

/** A report without times, ids and prose. */
export interface ObservedReport {
  /** `failed` where there is no report. */
  readonly verdict: Report['verdict'] | 'failed';
  readonly deniedStep?: string;
  readonly steps: readonly { readonly step: string; readonly status: string }[];
  readonly diagnoses: readonly {
    readonly step?: string;
    readonly action?: string;
    readonly resource?: string;
    readonly layer?: string;
    readonly effect?: string;
    readonly side?: string;
    readonly confidence: string;
  }[];
  readonly problem?: string;
}

export function observed(answer: FunctionAnswer, exchanges: readonly HttpExchange[], names: Renaming): Observed {
  const answers = withoutRetries(exchanges).map((exchange) => recordedAnswer(exchange, names));
  return { answers, report: neutral(reportIn(answer), names) };
}

function reportIn(answer: FunctionAnswer): ObservedReport {
  const [report] = answer.kind === 'reports' ? answer.reports : [];
  if (!report) {
    const problem = answer.kind === 'reports' ? 'it answered no report' : answer.message;
    return { verdict: 'failed', steps: [], diagnoses: [], problem };
  }
  return {
    verdict: report.verdict,
    ...(report.deniedStep && { deniedStep: report.deniedStep }),
    steps: report.steps.map(({ step, status }) => ({ step, status })),
    diagnoses: report.diagnoses.map(({ step, confidence, denial }) => {
      const { action, resource, layer, effect, side } = denial;
      const told = Object.entries({ step, action, resource, layer, effect, side });
      return { ...Object.fromEntries(told.filter(([, value]) => value !== undefined)), confidence };
    }),
  };
}

/** AWS is busy now and then; what the SDK then sends once more says what AWS says. */
function withoutRetries(exchanges: readonly HttpExchange[]): readonly HttpExchange[] {
  const same = ({ method, host, path, body }: HttpExchange) => [method, host, path, body].join('\n');
  return exchanges.filter((exchange, at) => {
    const status = exchange.answer?.status ?? 500;
    const isBusy =
      status >= 500 || status === 429 || /Throttling|SlowDown|TooManyRequests/.test(exchange.answer?.body ?? '');
    return !(isBusy && exchanges.slice(at + 1).some((later) => same(later) === same(exchange)));
  });
}
