import { matches } from './event-pattern.ts';

const event = { source: 'aws.kms', detail: { arn: 'role/check-acme', list: ['a', 'b'] } };

test.each([
  [{ source: ['aws.sts', 'aws.kms'] }, true],
  [{ source: ['aws.sts'] }, false],
  [{ detail: { list: ['b'] } }, true],
  [{ detail: { arn: [{ prefix: 'role/' }] } }, true],
  [{ detail: { arn: [{ 'anything-but': { prefix: 'role/check-' } }] } }, false],
  [{ detail: { arn: [{ 'anything-but': { prefix: 'role/reports-' } }] } }, true],
  [{ detail: { absent: [{ 'anything-but': { prefix: 'role/' } }] } }, false],
  [{ detail: { absent: { deeper: ['x'] } } }, false],
  [{ detail: { arn: [{ wildcard: 'role/*-acme' }] } }, true],
  [{ detail: { arn: [{ wildcard: '*/check' }] } }, false],
  [{ detail: { $or: [{ arn: ['other'] }, { list: ['a'] }] } }, true],
  [{ source: ['aws.sts'], $or: [{ source: ['aws.kms'] }, { source: ['aws.s3'] }] }, false],
])('the pattern %j: %j', (pattern, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

test.each([
  [{ source: [{ suffix: 's' }] }],
  [{ source: [{ exists: true }] }],
  [{ source: [{ prefix: 'a', wildcard: '*' }] }],
  [{ source: 'aws.kms' }],
  [{ $or: [{ source: ['aws.kms'] }] }],
])('the pattern %j is refused', (pattern) => {
  expect(() => matches(pattern, event)).toThrow();
});
