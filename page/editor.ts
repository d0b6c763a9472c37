/// <reference lib="dom" />

import { history, historyKeymap, undo } from '@codemirror/commands';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type TransactionSpec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { editorKeys } from './editor-keys.ts';
import { highlighting } from './highlighting.ts';

/** A place to mark in a text. Lines and columns count from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly tone: 'error' | 'warning' | 'info';
  readonly message: string;
}

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly hint: string;
  /** @param byPerson false for {@link Editor.replace} */
  readonly onChange: (byPerson: boolean) => void;
  /** Called before a paste into an empty editor. */
  readonly onFirstPaste: () => void;
}

/** An editor of one document, built when it is first shown: most tabs are never opened. */
export class Editor {
  readonly #parent: HTMLElement;
  readonly #onChange: (byPerson: boolean) => void;
  #view: EditorView | undefined;
  #hidden: EditorState;

  constructor(parent: HTMLElement, { text, label, hint, onChange, onFirstPaste }: EditorOptions) {
    this.#parent = parent;
    this.#onChange = onChange;
    this.#hidden = EditorState.create({
      doc: text,
      extensions: [
        extensions,
        placeholder(hint),
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        EditorView.domEventHandlers({
          paste: (_, view) => {
            if (view.state.doc.length === 0) onFirstPaste();
            return false;
          },
        }),
      ],
    });
  }

  show(): void {
    if (this.#view) return;
    // In a shadow root, its styles are adopted style sheets, which need no exception in the Content Security Policy.
    const root = this.#parent.attachShadow({ mode: 'open' });
    this.#view = new EditorView({
      parent: root,
      root,
      state: this.#hidden,
      dispatchTransactions: (transactions, view) => {
        view.update(transactions);
        const changes = transactions.filter(({ docChanged }) => docChanged);
        // Show a pasted document from its first line.
        if (changes.some((one) => one.isUserEvent('input.paste') && one.startState.doc.length === 0))
          view.dispatch({ selection: { anchor: 0 }, scrollIntoView: true });
        if (changes.length > 0) this.#onChange(!changes.some((one) => one.isUserEvent(replaced)));
      },
    });
  }

  get text(): string {
    return this.#state.doc.toString();
  }

  get length(): number {
    return this.#state.doc.length;
  }

  /** Replaces only what differs, so that undo restores only that and the cursor stays. Scrolls to it. */
  replace(text: string): void {
    const before = this.text;
    let start = 0;
    const shorter = Math.min(before.length, text.length);
    while (start < shorter && before[start] === text[start]) start++;
    let end = 0;
    while (end < shorter - start && before.at(-1 - end) === text.at(-1 - end)) end++;
    this.#dispatch({
      changes: { from: start, to: before.length - end, insert: text.slice(start, text.length - end) },
      userEvent: replaced,
    });
    // Only the editor scrolls, not the page.
    const { scrollDOM } = this.#view ?? {};
    if (scrollDOM) scrollDOM.scrollTop = (this.#view?.lineBlockAt(start).top ?? 0) - scrollDOM.clientHeight / 4;
  }

  undo(): void {
    if (this.#view) undo(this.#view);
  }

  focus(): void {
    this.#view?.focus();
  }

  /** Removes its listeners from the window. */
  destroy(): void {
    this.#view?.destroy();
  }

  goTo(line: number, column: number): void {
    const anchor = this.#offset(line, column);
    this.#dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    this.focus();
  }

  mark(marks: readonly Mark[]): void {
    const diagnostics = marks.map(({ line, column, tone, message }): Diagnostic => {
      const from = this.#offset(line, column);
      const to = Math.max(from, this.#state.doc.lineAt(from).to);
      return { from, to, severity: tone, message };
    });
    this.#dispatch(setDiagnostics(this.#state, diagnostics));
  }

  get #state(): EditorState {
    return this.#view?.state ?? this.#hidden;
  }

  #dispatch(spec: TransactionSpec): void {
    if (this.#view) {
      this.#view.dispatch(spec);
      return;
    }
    const transaction = this.#hidden.update(spec);
    this.#hidden = transaction.state;
    if (transaction.docChanged) this.#onChange(false);
  }

  #offset(line: number, column: number): number {
    const { doc } = this.#state;
    const { from, length } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return from + Math.min(Math.max(column - 1, 0), length);
  }
}

const replaced = 'input.replaced';

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--card)', fontSize: '0.875rem', height: '100%' },
  '&.cm-focused': { outline: '3px solid var(--link)', outlineOffset: '-3px' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    lineHeight: '1.5',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--select)',
  },
  '.cm-gutters': { color: 'var(--soft)', backgroundColor: 'var(--sunk)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'var(--active)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--soft)' },
  '.token-key': { color: 'var(--link)' },
  '.token-string, .token-word': { color: 'var(--good)' },
  '.token-value, .token-tag': { color: 'var(--warn)' },
  '.token-comment': { color: 'var(--soft)', fontStyle: 'italic' },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--text)',
    backgroundColor: 'var(--card)',
    border: '1px solid var(--line)',
    maxWidth: '32rem',
  },
  '.cm-diagnostic': { padding: '0.35rem 0.6rem', whiteSpace: 'pre-wrap' },
  // The built-in markers are images, which the Content Security Policy blocks.
  '.cm-lint-marker': {
    content: 'normal',
    width: '0.6rem',
    height: '0.6rem',
    margin: '0.35rem 0.1rem',
    borderRadius: '50%',
    forcedColorAdjust: 'none',
  },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--bad)', borderRadius: '2px' },
  '.cm-lint-marker-warning': { content: 'normal', backgroundColor: 'var(--warn)' },
  '.cm-lint-marker-info': { content: 'normal', border: '2px solid var(--soft)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn)' },
  '.cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--soft)' },
});

const extensions: Extension = [
  // Invisible characters, and those that change the text direction.
  highlightSpecialChars(),
  lineNumbers(),
  lintGutter(),
  highlightActiveLineGutter(),
  history(),
  drawSelection(),
  highlighting,
  highlightActiveLine(),
  keymap.of([...editorKeys, ...historyKeymap, ...lintKeymap]),
  theme,
];
