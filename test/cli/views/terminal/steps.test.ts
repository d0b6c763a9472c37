import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { stepLines } from '../../../../cli/views/terminal/steps.ts';
import { deniedReport } from '../../reports.ts';
import { capturedReport } from '../html/captured.ts';

const plain = (width: number) => pageFor(width, false);

test('what stops several steps is said once', () => {
  const text = stepLines(capturedReport('role-not-assumed'), plain(100)).join('\n');
  expect(text.match(/The delivery role was not assumed\./g)).toHaveLength(1);
});

test('a note stands below its step where there is no room beside it', () => {
  expect(stepLines(deniedReport, plain(60)).slice(2, 4)).toEqual([
    '  ✗ copy-to-inbox         denied     58 ms',
    '    AccessDenied, HTTP 403',
  ]);
  expect(stepLines(deniedReport, plain(80))[2]).toBe(
    '  ✗ copy-to-inbox         denied     58 ms  AccessDenied, HTTP 403',
  );
});
