import { BaseSequencer } from 'vitest/node';

/**
 * The slowest tests, which start first. One that started last would keep one core busy alone. Those that mostly wait are
 * between others that compute, so that no two of them leave a core idle.
 */
const slow = [
  'test/in-chromium',
  'test/lambda/diagnosis/evidence',
  'test/cli/conformance/',
  'test/docs/every-command',
  'test/lambda/diagnosis/cloudtrail',
  'test/page/judge/',
  'test/package/',
  'test/cli/hostile-input',
  'test/lambda/faults',
  'test/fuzz/',
  'test/cli/secure-inbox',
  'test/lambda/batch',
];

/** Runs project by project, because a worker serves only one of them. */
export class SlowFirst extends BaseSequencer {
  /** @param {readonly import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const rank = ({ moduleId }) => {
      const at = slow.findIndex((part) => moduleId.includes(part));
      return at < 0 ? slow.length : at;
    };
    const projects = [...new Set(files.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      files.filter(({ project }) => project.name === name).sort((one, other) => rank(one) - rank(other)),
    );
  }
}
