import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Benchmark } from '../benchmark.ts';
import { largeTemplate, resources, testEvent } from '../large-template.ts';
import { spreadOf } from '../statistics.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const rounds = 5;

/** The whole command as a user runs it, for a template with a bucket, a policy and a key for each of many purposes. */
export const templatePreflight: Benchmark = {
  name: 'template-preflight',
  question: `How long does a preflight of a template with ${resources} resources take?`,
  async measure(progress) {
    const folder = temporaryFolder();
    const [template, event] = [join(folder, 'template.json'), join(folder, 'event.json')];
    writeFileSync(template, JSON.stringify(largeTemplate()));
    writeFileSync(event, JSON.stringify(testEvent));
    const run = () => milliseconds(['preflight', '--json', '--event', event, '--inbox-template', template]);
    // Compiles the command and synthesizes the app once.
    run();
    const samples: number[] = [];
    for (let round = 0; round < rounds; round++) {
      progress.counter(`round ${round + 1} of ${rounds}`);
      samples.push(run());
    }
    const spread = spreadOf(samples);
    return [
      { what: `a template with ${resources} resources`, value: spread.min, unit: 'ms', goal: { atMost: 1000 }, spread },
    ];
  },
};

function milliseconds(args: readonly string[]): number {
  const since = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [resolve('bin/secure-inbox.mjs'), ...args]);
  if (status !== 0) throw new Error(`preflight ended with ${status}: ${stderr}`);
  return performance.now() - since;
}
