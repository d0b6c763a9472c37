import { performance } from 'node:perf_hooks';
import type { Report } from '../../core/report.ts';
import { type Accounts, latencyMs, openAccounts, passedReports } from '../accounts.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { mostAtOnce, windowsOf } from '../windows.ts';

const customers = 1_000;
const batchSize = 100;
const concurrency = 10;

interface Run {
  readonly rate: Spread;
  readonly cpuMsACheck: number;
  readonly peakMemoryMib: number;
  readonly idleMemoryMib: number;
  readonly checksAtOnce: number;
  readonly requestsAtOnce: number;
  readonly callsACheck: number;
  /** The share of time in which the sandbox, which runs in this process, was busy. */
  readonly sandboxBusy: number;
}

export const batch: Benchmark = {
  name: 'batch',
  question: `How fast are ${customers} customers checked, ${concurrency} at once at ${latencyMs} ms a call, and in how much memory?`,
  async measure(progress) {
    const accounts = await openAccounts(progress, customers, concurrency);
    try {
      progress.stage(`${customers / batchSize} batches of ${batchSize} customers…`);
      const inBatches = await run(accounts, batchSize);
      progress.stage(`One batch of ${customers} customers…`);
      const atOnce = await run(accounts, customers);
      return [...figuresOf(`batches of ${batchSize}`, inBatches), ...figuresOf(`one batch of ${customers}`, atOnce)];
    } finally {
      await accounts.sandbox.stop();
    }
  },
};

async function run({ sandbox, events, startFunction }: Accounts, size: number): Promise<Run> {
  const calls = sandbox.calls.length;
  const running = startFunction();
  try {
    const idle = await running.invoke({ customers: [] });
    const reports: Report[] = [];
    const rates: number[] = [];
    let cpuMs = 0;
    let peakMemoryMib = 0;
    const busySince = performance.eventLoopUtilization();
    for (let from = 0; from < events.length; from += size) {
      const invocation = await running.invoke({ customers: events.slice(from, from + size) });
      const answered = passedReports(invocation.answer);
      reports.push(...answered);
      rates.push((answered.length / invocation.wallMs) * 1000);
      cpuMs += invocation.cpuMs;
      peakMemoryMib = invocation.peakMemoryMib;
    }
    const made = sandbox.calls.slice(calls);
    return {
      rate: spreadOf(rates),
      cpuMsACheck: cpuMs / reports.length,
      peakMemoryMib,
      idleMemoryMib: idle.peakMemoryMib,
      checksAtOnce: mostAtOnce(reports.map(windowOf)),
      requestsAtOnce: mostAtOnce(windowsOf(made, latencyMs)),
      callsACheck: made.length / reports.length,
      sandboxBusy: performance.eventLoopUtilization(busySince).utilization,
    };
  } finally {
    await running.stop();
  }
}

function windowOf({ startedAt, durationMs }: Report) {
  const from = Date.parse(startedAt);
  return { from, to: from + durationMs };
}

function figuresOf(which: string, measured: Run): readonly Figure[] {
  const { rate, cpuMsACheck, peakMemoryMib, idleMemoryMib, checksAtOnce, requestsAtOnce, callsACheck, sandboxBusy } =
    measured;
  const possible = (1000 * concurrency) / (callsACheck * latencyMs);
  return [
    { what: `${which}: checks`, value: rate.median, unit: 'a second', spread: rate },
    {
      what: `${which}: checks a second / what the latency alone allows`,
      value: rate.median / possible,
      unit: 'ratio',
      note: `${possible.toFixed(1)} a second; the sandbox, in one process, was busy ${Math.round(100 * sandboxBusy)} % of the time`,
    },
    { what: `${which}: CPU time of the function a check`, value: cpuMsACheck, unit: 'ms' },
    {
      what: `${which}: peak memory of the function's process`,
      value: peakMemoryMib,
      unit: 'MiB',
      goal: { below: 256 },
      note: `${Math.round(idleMemoryMib)} MiB before the first customer`,
    },
    {
      what: `${which}: checks at once, by their reports`,
      value: checksAtOnce,
      unit: 'checks',
      goal: { atMost: concurrency },
    },
    {
      what: `${which}: calls at once, as the sandbox saw them`,
      value: requestsAtOnce,
      unit: 'calls',
      goal: { atMost: concurrency },
    },
    { what: `${which}: AWS calls a check`, value: callsACheck, unit: 'calls', goal: { atMost: 4 } },
  ];
}
