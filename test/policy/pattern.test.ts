import * as fc from 'fast-check';
import { decide } from '../../policy/index.ts';
import { effort, fits } from '../../policy/pattern.ts';

it.each([
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['a*', 'a', true],
  ['*a', 'ba', true],
  ['a*a', 'a', false],
  ['a*b*a', 'aba', true],
  ['?', '', false],
  ['?*', 'x', true],
  ['*.json', 'a.json.json', true],
  ['a?c', 'a\nc', true],
  ['reports/*', 'reports/1\n2', true],
  ['a.c', 'abc', false],
  ['*ab*ab', 'abab', true],
  ['*ab*ab', 'aab', false],
  ['*a?c*', 'xxabcxx', true],
])('%j on %j: %s', (pattern, text, expected) => {
  expect(fits(pattern, text)).toBe(expected);
});

it('agrees with a regular expression', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const source = pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]');
      expect(fits(pattern, text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2_000 },
  );
});

it.each(['*a*a*a*a*b', '*aaaaaaaaaab*c', 'a*a*a*a*a*a*a*a*a*a*a*b'])('%s takes linear time', (pattern) => {
  const steps = (length: number) => {
    effort.steps = 0;
    expect(fits(pattern, 'a'.repeat(length))).toBe(false);
    return effort.steps;
  };
  expect(steps(20_000)).toBeLessThan(3 * steps(10_000));
  expect(steps(20_000)).toBeLessThan(20_000 * pattern.length);
});

it('accepts a condition with ten thousand values and a policy of a megabyte', () => {
  const values = Array.from({ length: 10_000 }, (_, at) => `value-${at}-${'x'.repeat(80)}*`);
  const Condition = { StringLike: { 'aws:userid': values } };
  const document = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition } };
  const request = {
    principal: 'arn:aws:iam::111111111111:user/one',
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::bucket/key',
    resourceAccount: '111111111111',
    context: { 'aws:userid': `value-9999-${'x'.repeat(90)}` },
  };
  effort.steps = 0;
  const { refusals } = decide(request, { identity: [{ name: 'large', document }] });
  expect(refusals).toMatchObject([{ layer: 'identity-policy', effect: 'explicit' }]);
  expect(effort.steps).toBeLessThan(20 * JSON.stringify(document).length);
});
