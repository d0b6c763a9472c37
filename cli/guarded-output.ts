import { printable } from '../core/printable.ts';
import type { CommandSurroundings, Output } from './command.ts';

/** The colors of cli/views/terminal/page.ts, as picocolors writes them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' escape sequences begin with one
const ownColor = /\u001b\[(?:1|2|22|31|32|33|39)m/g;

/**
 * An output that nothing from outside can control, whatever a command forgot to make printable: the last place on the way to
 * a terminal. Colors pass where they are wanted; the rewriting of lines goes by `control`, which takes no text.
 */
export function guarded(output: Output, env: CommandSurroundings['env']): Output {
  const painted = () => output.isTTY === true || Boolean(env['FORCE_COLOR']);
  return {
    write: (text) => output.write(painted() ? betweenColors(text) : printable(text)),
    control: (sequence) => output.write(sequence),
    get isTTY() {
      return output.isTTY;
    },
    get columns() {
      return output.columns;
    },
    get rows() {
      return output.rows;
    },
  };
}

function betweenColors(text: string): string {
  const colors = text.match(ownColor) ?? [];
  return text
    .split(ownColor)
    .map((part, at) => `${printable(part)}${colors[at] ?? ''}`)
    .join('');
}
