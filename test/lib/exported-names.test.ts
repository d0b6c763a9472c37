import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './synthesized.ts';

const folders = ['bin', 'cli', 'core', 'lambda', 'lib', 'model', 'page', 'policy', 'sandbox'];

/**
 * Types that two files export under one name. One meaning in two forms: what the engine takes and what the model keeps, or two
 * functions that are invoked alike.
 */
const oneMeaning = ['Decision', 'Grant', 'InvalidConfiguration', 'InvocationContext', 'Layer', 'PolicyDocument'];

/** Those with two meanings. To be renamed; add none. */
const twoMeanings = [
  'Accounts',
  'Asked',
  'Call',
  'Change',
  'Checked',
  'Choice',
  'CollectOptions',
  'Collected',
  'Context',
  'Difference',
  'Fact',
  'Fields',
  'GivenDocument',
  'Layout',
  'Mark',
  'Names',
  'Outcome',
  'PageOptions',
  'Patience',
  'Place',
  'Placement',
  'Plan',
  'PolicyKind',
  'Prepared',
  'Question',
  'Refusal',
  'Removed',
  'Scope',
  'Settled',
  'State',
  'Stated',
  'Tally',
  'Told',
  'Unknown',
  'Verdict',
  'Wanted',
];

test('a type that is exported has a name of its own', () => {
  const files = execFileSync('git', ['ls-files', '--', ...folders], { cwd: projectRoot, encoding: 'utf8' }).split('\n');
  const names = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(join(projectRoot, file), 'utf8').matchAll(/^export (?:class|interface|type|enum) (\w+)/gm),
    ])
    .map(([, name = '']) => name)
    .sort();
  const twice = new Set(names.filter((name, at) => names[at - 1] === name));
  expect([...twice].filter((name) => !oneMeaning.includes(name) && !twoMeanings.includes(name))).toEqual([]);
});
