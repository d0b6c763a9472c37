import * as sandboxOfPreflight from '../../../cli/preflight/warm-sandbox.ts';
import type { TestEvent } from '../../../core/event.ts';
import { reportSchema } from '../../../core/report.ts';
import { namesOf, steps } from '../../../core/vocabulary.ts';
import { faultsOf } from '../../../model/analysis/faults.ts';
import { outcomeOf } from '../../../model/analysis/outcome.ts';

/** Makes preflight use the simulation instead of the function, which takes longer than everything else. */
export function useModeledSandbox(): void {
  beforeAll(() => void vi.spyOn(sandboxOfPreflight, 'warmSandbox').mockImplementation(modeledSandbox));
  afterAll(() => void vi.mocked(sandboxOfPreflight.warmSandbox).mockRestore());
}

/** The check's report for a world, derived from its faults. The catalog's tests show that both agree. */
function modeledSandbox(): sandboxOfPreflight.WarmSandbox {
  return {
    async check({ world }, event) {
      const { customer } = event as TestEvent;
      const outcome = outcomeOf(faultsOf(world, event as TestEvent));
      const report = reportSchema.parse({
        schemaVersion: 1,
        customer,
        ...outcome,
        startedAt: '2026-11-21T12:00:00.000Z',
        durationMs: 1,
        steps: namesOf(steps).map((step) => ({
          step,
          status: step === outcome.deniedStep ? 'denied' : 'passed',
          durationMs: 1,
          ...(step === outcome.deniedStep && {
            error: { code: 'AccessDenied', message: 'Access Denied', httpStatus: 403 },
          }),
        })),
        diagnoses: [],
      });
      return { kind: 'reports', reports: [report], batch: false };
    },
    stop: async () => {},
  };
}
