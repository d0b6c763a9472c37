import { wantsColor } from '../../cli/command.ts';
import { testSurroundings } from './surroundings.ts';

test.each([
  { isTTY: true, env: {}, option: true, color: true },
  { isTTY: false, env: {}, option: true, color: false },
  { isTTY: true, env: { NO_COLOR: '1' }, option: true, color: false },
  { isTTY: true, env: { NO_COLOR: '' }, option: true, color: true },
  { isTTY: true, env: {}, option: false, color: false },
  { isTTY: true, env: { TERM: 'dumb' }, option: true, color: false },
  { isTTY: false, env: { FORCE_COLOR: '1' }, option: true, color: true },
  { isTTY: true, env: { FORCE_COLOR: '0' }, option: true, color: false },
  { isTTY: false, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, option: true, color: false },
])('terminal $isTTY, $env, --no-color absent $option: $color', ({ isTTY, env, option, color }) => {
  const output = { write: () => undefined, isTTY };
  expect(wantsColor(testSurroundings({ env }), output, option)).toBe(color);
});
