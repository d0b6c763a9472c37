import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { stepLines } from '../../../../cli/views/terminal/steps.ts';
import { deniedReport } from '../../reports.ts';
import { capturedReport } from '../html/captured.ts';

const plain = (width: number) => pageFor(width, false);

test('the reason why several steps stopped appears once', () => {
  const text = stepLines(capturedReport('role-not-assumed'), plain(100)).join('\n');
  expect(text.match(/The delivery role was not assumed\./g)).toHaveLength(1);
});

test('a note is below its step if there is no room next to it', () => {
  expect(stepLines(deniedReport, plain(60)).slice(2, 4)).toEqual([
    '  ✗ copy-to-inbox         denied     58 ms',
    '    AccessDenied, HTTP 403',
  ]);
  expect(stepLines(deniedReport, plain(80))[2]).toBe(
    '  ✗ copy-to-inbox         denied     58 ms  AccessDenied, HTTP 403',
  );
});
