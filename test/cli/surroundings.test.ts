import { wantsColour } from '../../cli/command.ts';
import { testSurroundings } from './surroundings.ts';

test.each([
  { isTTY: true, env: {}, option: true, colour: true },
  { isTTY: false, env: {}, option: true, colour: false },
  { isTTY: true, env: { NO_COLOR: '1' }, option: true, colour: false },
  { isTTY: true, env: { NO_COLOR: '' }, option: true, colour: true },
  { isTTY: true, env: {}, option: false, colour: false },
  { isTTY: true, env: { TERM: 'dumb' }, option: true, colour: false },
  { isTTY: false, env: { FORCE_COLOR: '1' }, option: true, colour: true },
  { isTTY: true, env: { FORCE_COLOR: '0' }, option: true, colour: false },
  { isTTY: false, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, option: true, colour: false },
])('terminal $isTTY, $env, --no-color absent $option: $colour', ({ isTTY, env, option, colour }) => {
  const output = { write: () => undefined, isTTY };
  expect(wantsColour(testSurroundings({ env }), output, option)).toBe(colour);
});
