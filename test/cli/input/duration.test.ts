import { durationOf, inWords } from '../../../cli/input/duration.ts';
import { InputError } from '../../../model/text/input-error.ts';

test.each([
  ['30s', 30_000],
  ['90s', 90_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
])('%s is read correctly', (text, milliseconds) => {
  expect(durationOf(text, '--wait')).toBe(milliseconds);
});

test.each(['29s', '61m', '2h', '10', '10 m', '-5m', '1.5m', '90S', 'acme.json', ''])('%j is refused', (text) => {
  expect(() => durationOf(text, '--wait')).toThrow(InputError);
  expect(() => durationOf(text, '--wait')).toThrow(
    `--wait: ${JSON.stringify(text)} is not a valid time. Allowed: from 30s to 1h, like 90s or 10m.`,
  );
});

test.each([
  [400, '0s'],
  [90_000, '1m 30s'],
  [600_000, '10m'],
  [3_605_000, '60m 5s'],
])('%d milliseconds are written %s', (milliseconds, text) => {
  expect(inWords(milliseconds)).toBe(text);
});
