import { BaseSequencer } from 'vitest/node';

/** The slowest tests, which start first. One that started last would keep one core busy alone. */
const slow = [
  'test/in-chromium',
  'test/cli/conformance/',
  'test/docs/every-command',
  'test/package/',
  'test/page/judge/',
  'test/cli/hostile-input',
  'test/lambda/diagnosis/evidence',
  'test/fuzz/',
  'test/lambda/diagnosis/cloudtrail',
  'test/cli/secure-inbox',
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
