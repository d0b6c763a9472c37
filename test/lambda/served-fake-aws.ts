import { type FakeAws, startFakeAws } from './fake-aws.ts';
import { environmentFor } from './invocation.ts';

/**
 * Serves a fake AWS to the tests of a file, reset for each test, with the function's environment.
 *
 * @param more further environment variables
 */
export function serveFakeAws(onStart: (aws: FakeAws) => void, more: Readonly<Record<string, string>> = {}): void {
  const original = process.env;
  let aws: FakeAws;
  beforeAll(async () => {
    aws = await startFakeAws();
    onStart(aws);
  });
  beforeEach(() => {
    aws.reset();
    process.env = { ...environmentFor(aws.url), ...more };
  });
  afterAll(async () => {
    process.env = original;
    await aws.stop();
  });
}
