import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/**
 * What words of JSON and YAML are colored as. Whatever comes first where the text is takes all that it matches, so that a sign within
 * a string is no comment. JSON is YAML, as far as colors go.
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

/** Colors what is in sight, and nothing else: a document of any size, and any depth, costs no more than its visible lines. */
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
