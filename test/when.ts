/**
 * A test that some machines can't run. If it is left out, the last lines of the test run say so, with the reason.
 *
 * @param reason what is missing, and how to get it
 */
export function when(condition: boolean, reason: string): (name: string, run: () => unknown) => void {
  return (name, run) => {
    if (condition) it(name, async () => void (await run()));
    else it.skip(`${name} [left out: ${reason}]`, async () => void (await run()));
  };
}
