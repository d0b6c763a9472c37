import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/**
 * Tokens of JSON and YAML. At each position the first that matches takes its whole match, so a `#` inside a string starts no comment.
 */
const tokens = {
  comment: /(?<=^|\s)#.*/,
  key: /"(?:[^"\\]|\\.)*"(?=\s*:)|'[^']*'(?=\s*:)|[\w$./-]+(?:::[\w:]+)?(?=\s*:(?:\s|$))/,
  string: /"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?/,
  tag: /![\w:]+/,
  value: /(?:true|false|null|-?\d+(?:\.\d+)?)(?![\w.-])/,
  word: /[^\s#"'!{}[\],]+/,
} as const;

const names = Object.keys(tokens) as readonly (keyof typeof tokens)[];
const anyToken = new RegExp(names.map((name) => `(?<${name}>${tokens[name].source})`).join('|'), 'g');
const decorations = new Map(names.map((name) => [name, Decoration.mark({ class: `token-${name}` })]));

const decorator = new MatchDecorator({
  regexp: anyToken,
  decoration: ({ groups = {} }) => decorations.get(names.find((name) => groups[name] !== undefined) ?? 'word') ?? null,
});

/** Colors the visible lines only, whatever the size and depth of the document. */
export const highlighting = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view);
    }

    update(update: ViewUpdate): void {
      this.decorations = decorator.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
