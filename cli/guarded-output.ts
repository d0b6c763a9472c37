import { printable } from '../core/printable.ts';
import type { CommandSurroundings, Output } from './command.ts';

/** The colours of cli/views/terminal/page.ts, as picocolors writes them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' escape sequences begin with one
const ownColour = /\u001b\[(?:1|2|22|31|32|33|39)m/g;

/**
 * An output that nothing from outside can control, whatever a command forgot to make printable: the last place on the way to
 * a terminal. Colours pass where they are wanted; the rewriting of lines goes by `control`, which takes no text.
 */
export function guarded(output: Output, env: CommandSurroundings['env']): Output {
  const painted = () => output.isTTY === true || Boolean(env['FORCE_COLOR']);
  return {
    write: (text) => output.write(painted() ? betweenColours(text) : printable(text)),
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

function betweenColours(text: string): string {
  const colours = text.match(ownColour) ?? [];
  return text
    .split(ownColour)
    .map((part, at) => `${printable(part)}${colours[at] ?? ''}`)
    .join('');
}
