import { type JobOutcome, type Runner, runInOrder } from '../../../cli/run/job.ts';

const jobs = ['a', 'b', 'c'].map((title) => ({ title, event: {} }));
const outcomeOf = (at: number): JobOutcome => ({
  job: jobs[at] ?? { title: '', event: {} },
  answer: { kind: 'failed', message: '' },
  log: [],
});

test('reports each in the given order, whichever ends first', async () => {
  const log: string[] = [];
  const runner: Runner = async (_, done, begun) => {
    for (const at of [0, 1, 2]) begun?.(at);
    for (const at of [2, 0, 1]) await done(at, outcomeOf(at));
  };
  const watcher = {
    begun: (at: number) => log.push(`begun ${at}`),
    ended: (at: number) => log.push(`ended ${at}`),
  };
  const outcomes = await runInOrder(runner, jobs, watcher, ({ job }, at) => log.push(`told ${at} ${job.title}`));
  expect(log).toEqual([
    'begun 0',
    'begun 1',
    'begun 2',
    'ended 2',
    'ended 0',
    'told 0 a',
    'ended 1',
    'told 1 b',
    'told 2 c',
  ]);
  expect(outcomes.map(({ job }) => job.title)).toEqual(['a', 'b', 'c']);
});
