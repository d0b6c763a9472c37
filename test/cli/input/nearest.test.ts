import { nearestTo } from '../../../cli/onboard/offboard.ts';

const names = ['acme', 'acme-eu', 'globex', 'initech', 'Umbrella'];

test.each([
  ['amce', ['acme']],
  ['acm', ['acme', 'acme-eu']],
  ['acme-europe', ['acme-eu', 'acme']],
  ['umbrela', ['Umbrella']],
  ['hooli', []],
  ['x', []],
])('suggests for %s: %j', (name, meant) => {
  expect(nearestTo(name, names)).toEqual(meant);
});
