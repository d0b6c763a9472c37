/** The commands on a page, and their output there. */
export interface Shown {
  readonly command: string;
  /** Lines in order; `…` marks omitted output. Empty if the page shows none. */
  readonly output: readonly string[];
}

/** The commands of fenced blocks, each after `$ `, with their output. */
export function commandsWithOutput(markdown: string): readonly Shown[] {
  return [...markdown.matchAll(/^( *)```\w*\n([\s\S]*?)^\1```$/gm)].flatMap(([, margin = '', indented = '']) => {
    const block = indented.replaceAll(new RegExp(`^${margin}`, 'gm'), '');
    if (!block.startsWith('$ ')) return [];
    return block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const joined = part.replaceAll(/\\\n\s*/g, '');
        const [command = '', ...output] = joined.trimEnd().split('\n');
        return { command, output };
      });
  });
}

/** This project's commands in indented blocks and tables, without trailing comments. */
export function commandsAlone(markdown: string): readonly string[] {
  const lines = markdown.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines.flatMap((line) => {
    const indented = /^ {4,}(npm run .*?)(?: {2,}.*| +#.*)?$/.exec(line)?.[1];
    return indented === undefined
      ? [...line.matchAll(/`(npm run [^`]+)`/g)].map(([, command = '']) => command)
      : [indented];
  });
}

/** The words of a line, as a shell splits it. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** The arguments of our command line in `npm run NAME -- …`. */
export function argumentsOf(command: string): readonly string[] {
  const [, , ...words] = wordsOf(command.replace(/^npm run --silent /, 'npm run '));
  const [name = '', dashes, ...rest] = words;
  const args = dashes === '--' ? rest : [];
  return name === 'secure-inbox' ? args : [name, ...args];
}

/** Times differ from run to run. */
export function withoutTimes(line: string): string {
  return line
    .replace(/\b\d+(?= ms\b)/g, '…')
    .replace(/ +(?=… ms)/, ' ')
    .trimEnd();
}

/** The first shown line that was not printed in that place; undefined if all were. */
export function firstMissing(shown: readonly string[], printed: readonly string[]): string | undefined {
  let at = 0;
  let isCut = false;
  for (const line of shown.map(withoutTimes)) {
    if (line.trim() === '…') {
      isCut = true;
      continue;
    }
    const found = printed.map(withoutTimes).indexOf(line, at);
    if (found === -1 || (!isCut && found !== at)) return line;
    at = found + 1;
    isCut = false;
  }
  return undefined;
}
