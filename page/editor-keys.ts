import {
  cursorCharLeft,
  cursorCharRight,
  cursorDocEnd,
  cursorDocStart,
  cursorGroupLeft,
  cursorGroupRight,
  cursorLineBoundaryBackward,
  cursorLineBoundaryForward,
  cursorLineBoundaryLeft,
  cursorLineBoundaryRight,
  cursorLineDown,
  cursorLineUp,
  cursorPageDown,
  cursorPageUp,
  deleteGroupBackward,
  deleteGroupForward,
  deleteLineBoundaryBackward,
  deleteLineBoundaryForward,
  insertNewlineKeepIndent,
  selectAll,
  selectCharLeft,
  selectCharRight,
  selectDocEnd,
  selectDocStart,
  selectGroupLeft,
  selectGroupRight,
  selectLineBoundaryBackward,
  selectLineBoundaryForward,
  selectLineBoundaryLeft,
  selectLineBoundaryRight,
  selectLineDown,
  selectLineUp,
  selectPageDown,
  selectPageUp,
} from '@codemirror/commands';
import { EditorSelection, findClusterBreak } from '@codemirror/state';
import type { EditorView, KeyBinding } from '@codemirror/view';

type Command = NonNullable<KeyBinding['run']>;

/** @param shift what the key does together with Shift */
const on = (keys: Pick<KeyBinding, 'key' | 'mac'>, run: Command, shift = run): KeyBinding => {
  return { ...keys, run, shift, preventDefault: true };
};

/** The selection, or the character before or after the cursor. */
const deletes =
  (forward: boolean): Command =>
  (view: EditorView) => {
    const { state } = view;
    const changed = state.changeByRange(({ from, to, head, empty }) => {
      const line = state.doc.lineAt(head);
      const isAtEnd = head === (forward ? line.to : line.from);
      const next = isAtEnd
        ? head + (forward ? 1 : -1)
        : line.from + findClusterBreak(line.text, head - line.from, forward);
      const other = Math.min(Math.max(next, 0), state.doc.length);
      const changes = empty ? { from: Math.min(head, other), to: Math.max(head, other) } : { from, to };
      return { changes, range: EditorSelection.cursor(changes.from) };
    });
    view.dispatch(state.update(changed, { scrollIntoView: true, userEvent: 'delete' }));
    return true;
  };

/**
 * CodeMirror's standard keys. Enter, Backspace and Delete ask no language how lines are indented: without that package, the
 * page is 23 kB smaller. Tab leaves the editor: https://codemirror.net/examples/tab/
 */
export const editorKeys: readonly KeyBinding[] = [
  on({ key: 'ArrowLeft' }, cursorCharLeft, selectCharLeft),
  on({ key: 'ArrowRight' }, cursorCharRight, selectCharRight),
  on({ key: 'ArrowUp' }, cursorLineUp, selectLineUp),
  on({ key: 'ArrowDown' }, cursorLineDown, selectLineDown),
  on({ key: 'Mod-ArrowLeft', mac: 'Alt-ArrowLeft' }, cursorGroupLeft, selectGroupLeft),
  on({ key: 'Mod-ArrowRight', mac: 'Alt-ArrowRight' }, cursorGroupRight, selectGroupRight),
  on({ mac: 'Cmd-ArrowLeft' }, cursorLineBoundaryLeft, selectLineBoundaryLeft),
  on({ mac: 'Cmd-ArrowRight' }, cursorLineBoundaryRight, selectLineBoundaryRight),
  on({ key: 'Home' }, cursorLineBoundaryBackward, selectLineBoundaryBackward),
  on({ key: 'End' }, cursorLineBoundaryForward, selectLineBoundaryForward),
  on({ key: 'PageUp' }, cursorPageUp, selectPageUp),
  on({ key: 'PageDown' }, cursorPageDown, selectPageDown),
  on({ mac: 'Ctrl-ArrowUp' }, cursorPageUp, selectPageUp),
  on({ mac: 'Ctrl-ArrowDown' }, cursorPageDown, selectPageDown),
  on({ key: 'Mod-Home', mac: 'Cmd-ArrowUp' }, cursorDocStart, selectDocStart),
  on({ key: 'Mod-End', mac: 'Cmd-ArrowDown' }, cursorDocEnd, selectDocEnd),
  { key: 'Mod-a', run: selectAll },
  on({ key: 'Enter' }, insertNewlineKeepIndent),
  on({ key: 'Backspace' }, deletes(false)),
  on({ key: 'Delete' }, deletes(true)),
  on({ key: 'Mod-Backspace', mac: 'Alt-Backspace' }, deleteGroupBackward),
  on({ key: 'Mod-Delete', mac: 'Alt-Delete' }, deleteGroupForward),
  on({ mac: 'Mod-Backspace' }, deleteLineBoundaryBackward),
  on({ mac: 'Mod-Delete' }, deleteLineBoundaryForward),
];
