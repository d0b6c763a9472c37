/** Says in the last lines of a test run that no browser was there: tests that are only skipped are soon forgotten. */
export default class WithoutBrowserReporter {
  /**
   * @param {unknown} _contexts
   * @param {{ testResults: readonly { testFilePath: string, numPendingTests: number }[] }} results
   */
  onRunComplete(_contexts, { testResults }) {
    const skipped = testResults
      .filter(({ testFilePath }) => /browser\.test\.ts$/.test(testFilePath))
      .reduce((sum, { numPendingTests }) => sum + numPendingTests, 0);
    if (skipped === 0) return;
    const note = `\nChromium was not found, so ${skipped} tests of the page in a browser were skipped; its DOM tests were run.\nInstall chromium, or set CHROMIUM_PATH to any Chromium or Chrome.\n`;
    // Jest's own summary comes after every other reporter.
    process.once('exit', () => process.stderr.write(note));
  }
}
