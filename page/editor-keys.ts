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

const moves = (keys: Pick<KeyBinding, 'key' | 'mac'>, run: Command, shift: Command): KeyBinding => {
  return { ...keys, run, shift, preventDefault: true };
};
const edits = (keys: Pick<KeyBinding, 'key' | 'mac'>, run: Command): KeyBinding => {
  return { ...keys, run, shift: run, preventDefault: true };
};

/** What is selected, or the character before or after the cursor. */
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
  moves({ key: 'ArrowLeft' }, cursorCharLeft, selectCharLeft),
  moves({ key: 'ArrowRight' }, cursorCharRight, selectCharRight),
  moves({ key: 'ArrowUp' }, cursorLineUp, selectLineUp),
  moves({ key: 'ArrowDown' }, cursorLineDown, selectLineDown),
  moves({ key: 'Mod-ArrowLeft', mac: 'Alt-ArrowLeft' }, cursorGroupLeft, selectGroupLeft),
  moves({ key: 'Mod-ArrowRight', mac: 'Alt-ArrowRight' }, cursorGroupRight, selectGroupRight),
  moves({ mac: 'Cmd-ArrowLeft' }, cursorLineBoundaryLeft, selectLineBoundaryLeft),
  moves({ mac: 'Cmd-ArrowRight' }, cursorLineBoundaryRight, selectLineBoundaryRight),
  moves({ key: 'Home' }, cursorLineBoundaryBackward, selectLineBoundaryBackward),
  moves({ key: 'End' }, cursorLineBoundaryForward, selectLineBoundaryForward),
  moves({ key: 'PageUp', mac: 'Ctrl-ArrowUp' }, cursorPageUp, selectPageUp),
  moves({ key: 'PageDown', mac: 'Ctrl-ArrowDown' }, cursorPageDown, selectPageDown),
  moves({ mac: 'PageUp' }, cursorPageUp, selectPageUp),
  moves({ mac: 'PageDown' }, cursorPageDown, selectPageDown),
  moves({ key: 'Mod-Home', mac: 'Cmd-ArrowUp' }, cursorDocStart, selectDocStart),
  moves({ key: 'Mod-End', mac: 'Cmd-ArrowDown' }, cursorDocEnd, selectDocEnd),
  { key: 'Mod-a', run: selectAll },
  edits({ key: 'Enter' }, insertNewlineKeepIndent),
  edits({ key: 'Backspace' }, deletes(false)),
  edits({ key: 'Delete' }, deletes(true)),
  edits({ key: 'Mod-Backspace', mac: 'Alt-Backspace' }, deleteGroupBackward),
  edits({ key: 'Mod-Delete', mac: 'Alt-Delete' }, deleteGroupForward),
  edits({ mac: 'Mod-Backspace' }, deleteLineBoundaryBackward),
  edits({ mac: 'Mod-Delete' }, deleteLineBoundaryForward),
];
