import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { renderDelivery } from '../../../../cli/views/terminal/steps.ts';
import { captured, capturedReport } from '../html/captured.ts';

const lines = (name: (typeof captured)[number], width: number) =>
  renderDelivery(capturedReport(name), pageFor(width, false));

test('steps and drawing are next to each other if there is room', () => {
  expect(lines('passed', 100)[0]).toMatch(/✓ assume-delivery-role .*┌ Account A/);
  expect(lines('passed', 99)[0]).toMatch(/✓ assume-delivery-role[^┌]*$/);
});

describe.each(captured)('%s', (name) => {
  test.each([40, 60, 80, 100, 140, 200])('fits into %d columns', (width) => {
    expect(lines(name, width).filter((line) => line.length > width)).toEqual([]);
  });
});
