import { latencyMs, openAccounts, passedReports } from '../accounts.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import type { FunctionProcess } from '../function-process.ts';
import { spreadOf, sum } from '../statistics.ts';

const runs = 30;
const warmUps = 10;
const coldRuns = 5;
const goal = { atMost: 1.1 };

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly requestsMs: number;
  readonly requests: number;
}

export const checkLatency: Benchmark = {
  name: 'check-latency',
  question: `How much longer than its AWS calls, one after another at ${latencyMs} ms each, does a passing check take?`,
  async measure(progress) {
    const { sandbox, events, startFunction } = await openAccounts(progress, warmUps + runs);
    try {
      const cold: Run[] = [];
      for (let run = 0; run < coldRuns; run++) {
        progress.counter(`new process ${run + 1} of ${coldRuns}`);
        const fresh = startFunction();
        cold.push(await runCheck(fresh, events[0]).finally(() => fresh.stop()));
      }
      const warm: Run[] = [];
      const cached: Run[] = [];
      const running = startFunction();
      try {
        for (const event of events.slice(0, warmUps)) await runCheck(running, event);
        for (const [at, event] of events.slice(warmUps).entries()) {
          progress.counter(`customer ${at + 1} of ${runs}`);
          warm.push(await runCheck(running, event));
          cached.push(await runCheck(running, event));
        }
      } finally {
        await running.stop();
      }
      return [
        ...figuresOf('new session', warm, 4),
        ...figuresOf('session cached', cached, 3),
        {
          ...wallOverRequests('first of a process', cold),
          note: 'code is compiled and connections are made: not part of the goal',
        },
      ];
    } finally {
      await sandbox.stop();
    }
  },
};

async function runCheck(running: FunctionProcess, event: unknown): Promise<Run> {
  const { answer, wallMs, cpuMs, requestMs } = await running.invoke(event);
  passedReports(answer);
  return { wallMs, cpuMs, requestsMs: sum(requestMs), requests: requestMs.length };
}

function figuresOf(which: string, taken: readonly Run[], mostRequests: number): readonly Figure[] {
  const requests = spreadOf(taken.map((run) => run.requests));
  const ownMs = spreadOf(taken.map(({ wallMs, requestsMs }) => wallMs - requestsMs));
  const cpuMs = spreadOf(taken.map((run) => run.cpuMs));
  const withoutSandbox = spreadOf(
    taken.map(({ wallMs, requestsMs, requests: count }) => 1 + (wallMs - requestsMs) / (count * latencyMs)),
  );
  const overLatency = spreadOf(taken.map((run) => run.wallMs / (run.requests * latencyMs)));
  return [
    {
      what: `${which}: latency and time outside of AWS calls / latency`,
      value: withoutSandbox.median,
      unit: 'ratio',
      goal,
      spread: withoutSandbox,
      note: "as if the sandbox's own work took no time: the stricter of the two",
    },
    { ...wallOverRequests(which, taken), goal },
    {
      what: `${which}: wall time / latency, the fastest run`,
      value: overLatency.min,
      unit: 'ratio',
      spread: overLatency,
      note: "the sandbox's own work counts as the check's",
    },
    { what: `${which}: time outside of AWS calls`, value: ownMs.median, unit: 'ms', spread: ownMs },
    { what: `${which}: CPU time of the function`, value: cpuMs.median, unit: 'ms', spread: cpuMs },
    { what: `${which}: AWS calls`, value: requests.max, unit: 'calls', goal: { atMost: mostRequests } },
  ];
}

function wallOverRequests(which: string, taken: readonly Run[]): Figure {
  const spread = spreadOf(taken.map(({ wallMs, requestsMs }) => wallMs / requestsMs));
  return { what: `${which}: wall time / its AWS calls`, value: spread.median, unit: 'ratio', spread };
}
