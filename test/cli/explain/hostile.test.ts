import { renderExplanations } from '../../../cli/views/terminal/explanation.ts';
import { pageFor } from '../../../cli/views/terminal/page.ts';
import { explained } from './explained.ts';

/** Malicious texts. None may cause an exception or an unlimited answer. */

const event = {
  userIdentity: { arn: 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme' },
  eventSource: 'kms.amazonaws.com',
  eventName: 'GenerateDataKey',
  errorCode: 'AccessDenied',
  requestParameters: { keyId: 'arn:aws:kms:us-east-1:222222222222:key/1' },
};
const json = JSON.stringify(event);
const sentence = (object: string) =>
  `User: ${event.userIdentity.arn} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::inbox/${object}" because no identity-based policy allows the s3:PutObject action`;

function denialsIn(text: string): number {
  const explanations = explained(text);
  const printed = renderExplanations(explanations, pageFor(100, false));
  expect(printed.length).toBeLessThan(200_000);
  return explanations.kind === 'denials' ? explanations.denials.length : 0;
}

test.each([
  ['opening brackets', '['.repeat(500_000), 0],
  ['nested lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 0],
  ['nested objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 0],
  ['an event within nested objects', `${'{"a":'.repeat(50_000)}${json}${'}'.repeat(50_000)}`, 1],
  ['braces in lines', '{\n'.repeat(200_000), 0],
  ['quotation marks', '{"a": "b\n'.repeat(100_000), 0],
  ['brackets that do not belong together', '{"a": [}'.repeat(100_000), 0],
  ['one long line', 'x'.repeat(2_000_000), 0],
  ['one long name of many parts', 'a.b.'.repeat(500_000), 0],
  ['one long line of words', 'not authorized User: Exception AccessDenied '.repeat(40_000), 0],
  ['one long space', `not${' '.repeat(2_000_000)}authorized`, 0],
  ['commas', ','.repeat(1_000_000), 0],
  ['a header and nothing', `${'message,'.repeat(400)}x\n${'"'.repeat(100_000)}`, 0],
  ['names of fields', 'eventName: errorCode: '.repeat(50_000), 0],
  ['backslashes', `"errorMessage": "${'\\'.repeat(500_000)}`, 0],
  [
    'very many fields',
    JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`f${at}`, at]))),
    0,
  ],
  [
    'an error among very many fields',
    JSON.stringify({ ...Array(50_000).fill('x'), message: 'AccessDenied: Access Denied' }),
    1,
  ],
  [
    'the names of a prototype',
    `{"__proto__": {"eventName": "x"}, "constructor": 1, "hasOwnProperty": 2, "Records": [{"__proto__": {"a": 1}, ${json.slice(1)}]}`,
    1,
  ],
  ['columns called like a prototype', `__proto__,constructor,message\na,b,AccessDenied: Access Denied\n`, 1],
  ['an event twice in its own message', JSON.stringify({ ...event, errorMessage: json }), 1],
])('%s', (_, text, denials) => {
  expect(denialsIn(text)).toBe(denials);
  expect(Object.prototype).not.toHaveProperty('eventName');
});

test('counts very many different denials, and shows the first 20', () => {
  const text = Array.from({ length: 10_000 }, (_, at) => sentence(`${at}.pdf`)).join('\n');
  const explanations = explained(text);
  const printed = renderExplanations(explanations, pageFor(100, false));
  expect(printed.match(/^ {2}\d+\. /gm)).toHaveLength(20);
  expect(printed).toMatch(/Not shown: 9980 further denials\.\n$/);
});

test('reports a repetition in a long log once, with its place and count', () => {
  const lines = Array.from({ length: 10_000 }, (_, at) => `2026-05-01 10:00:00 INFO request ${at}`);
  for (const at of [7, 77, 777])
    lines[at] = `2026-05-01 10:00:00 ERROR ${sentence('a.pdf').replace('check-acme', `s${at}`)}`;
  expect(explained(lines.join('\n'))).toMatchObject({
    kind: 'denials',
    denials: [{ line: 8, times: 3 }],
    unread: 0,
  });
});
