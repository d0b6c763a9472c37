import { printable } from '../core/printable.ts';
import type { CommandSurroundings, Output } from './command.ts';

/** The color codes that picocolors writes for cli/views/terminal/page.ts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' escape sequences begin with one
const ownColor = /\u001b\[(?:1|2|22|31|32|33|39)m/g;

/**
 * An output that no text from outside can control, even if a command forgets to make it printable: the last step before
 * the terminal. It lets colors through if they are enabled; redrawn lines use `control`, which takes no text.
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
