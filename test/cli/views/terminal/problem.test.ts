import { renderProblem } from '../../../../cli/views/terminal/report.ts';
import { parseSource } from '../../../../model/text/document.ts';

const text = '{\n  "customer": "acme",\n  "inbox": { "region": "mars" },\n  "steps": [\n    "all"\n  ]\n}\n';
const message = [
  'The test event is invalid:',
  '- inbox.region: "mars". Allowed: the code of an AWS Region. Give it.',
  '- inbox.bucket: is missing. Allowed: a name. Give it.',
  '- steps[0]: "all". Allowed: put-internal. Remove it.',
  '- event: is odd. Allowed: an object. Write one.',
].join('\n');

test('a refused event: file and line in front of each field', () => {
  const source = parseSource(text, 'events/acme.json');
  expect(renderProblem({ kind: 'invalid-event', message }, 'title', source).split('\n')).toEqual([
    'events/acme.json: The test event is invalid:',
    'events/acme.json:3: inbox.region: "mars". Allowed: the code of an AWS Region. Give it.',
    'events/acme.json:3: inbox.bucket: is missing. Allowed: a name. Give it.',
    'events/acme.json:5: steps[0]: "all". Allowed: put-internal. Remove it.',
    'events/acme.json:1: event: is odd. Allowed: an object. Write one.',
    '',
  ]);
});

test('a refused event that came from no file', () => {
  expect(renderProblem({ kind: 'invalid-event', message }, 'The shipped templates')).toBe(
    `The shipped templates: ${message}\n`,
  );
});

test('a function that failed', () => {
  const failed = { kind: 'failed', message: 'The function failed: Task timed out (Sandbox.Timedout).' } as const;
  expect(renderProblem(failed, 'acme.json')).toBe(
    'acme.json: The function failed: Task timed out (Sandbox.Timedout).\n',
  );
});
