/**
 * Prints the tests that were left out, with the reasons, at the end of a test run, because skipped tests are soon
 * forgotten. The reason is in the title of the test or of its suite: `[left out: REASON]`.
 */
export default class LeftOutReporter {
  /** @param {readonly import('vitest/node').TestModule[]} files */
  onTestRunEnd(files) {
    const counts = new Map();
    for (const { fullName } of files.flatMap(({ children }) => [...children.allTests('skipped')])) {
      const reason = /\[left out: ([^\]]+)\]/.exec(fullName)?.[1];
      if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    if (counts.size === 0) return;
    const lines = [...counts].map(([reason, count]) => `  ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}`);
    const note = `\nLeft out on this machine:\n${lines.join('\n')}\n`;
    // Printed after every other reporter.
    process.once('exit', () => process.stderr.write(note));
  }
}
