import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './synthesized.ts';

const folders = ['bin', 'cli', 'core', 'lambda', 'lib', 'model', 'page', 'policy', 'sandbox'];

/**
 * Names that two files export for the same concept in two forms: the engine's input and the model's data, two functions
 * that are invoked the same way, an element of a page and of an answer.
 */
const oneMeaning = [
  'Decision',
  'Grant',
  'InvocationContext',
  'Layer',
  'PolicyDocument',
  'element',
  'handler',
  'nameOf',
];

test('every export has a unique name', () => {
  const files = execFileSync('git', ['ls-files', '--', ...folders], { cwd: projectRoot, encoding: 'utf8' }).split('\n');
  const names = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(join(projectRoot, file), 'utf8').matchAll(
        /^export (?:async )?(?:class|interface|type|enum|function\*?|const) (\w+)/gm,
      ),
    ])
    .map(([, name = '']) => name)
    .sort();
  const twice = new Set(names.filter((name, at) => names[at - 1] === name));
  expect([...twice].toSorted()).toEqual(oneMeaning);
});
