/**
 * A test that not every machine can run. Where it is left out, the last lines of the test run say so, and why.
 *
 * @param reason what is missing, and what brings it
 */
export function when(condition: boolean, reason: string): (name: string, run: () => unknown) => void {
  return (name, run) => {
    if (condition) it(name, async () => void (await run()));
    else it.skip(`${name} [left out: ${reason}]`, async () => void (await run()));
  };
}
