import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Suites that take longest, in a clone that has not measured them yet: one that begins last keeps one core busy alone. */
const slow = [
  'test/page/page',
  'test/cli/conformance/',
  'test/docs/every-command',
  'test/package/',
  'test/page/judge/',
  'test/cli/hostile-input',
  'test/lambda/diagnosis/evidence',
  'test/fuzz/',
  'test/lambda/answers-of-others',
  'test/lambda/diagnosis/cloudtrail',
  'test/cli/views/html/browser',
  'test/cli/secure-inbox',
];

export default class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = slow.findIndex((part) => path.split(sep).join('/').includes(part));
      return at < 0 ? slow.length : at;
    };
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
  }
}
