/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { GivenDocument, Judgment } from './contract.ts';
import { Editor, type Mark } from './editor.ts';
import { firstKinds, kindFor, kinds, longestDocument } from './kinds.ts';
import { switchesTabs } from './tabs.ts';
import { renderPanel, renderTab } from './views/panels.ts';

export interface DeskDocument {
  readonly id: string;
  name: string;
  /** The kind of document. Undefined while unknown. */
  kind: string | undefined;
  /** True if its tab stays when it is empty. */
  readonly isStanding: boolean;
  /** True until its content was recognized after a drop or a paste. */
  pending: boolean;
  /** Documents that were dropped together have the same number. */
  batch: number;
  /** Its text when it was added or last saved. */
  original: string;
  readonly editor: Editor;
  readonly tab: HTMLElement;
  readonly panel: HTMLElement;
}

export interface DeskOptions {
  readonly everything: boolean;
  /** @param byPerson who typed or pasted; otherwise the page itself changed a text */
  readonly onChange: (byPerson: boolean) => void;
}

/** The documents, one tab each. */
export class Desk {
  readonly documents: DeskDocument[] = [];
  readonly #tabs: HTMLElement;
  readonly #panels: HTMLElement;
  readonly #options: DeskOptions;
  #ids = 0;
  #batches = 0;
  #selected: DeskDocument | undefined;

  constructor(tabs: HTMLElement, panels: HTMLElement, options: DeskOptions) {
    this.#tabs = tabs;
    this.#panels = panels;
    this.#options = options;
    for (const kind of firstKinds(options.everything))
      this.#make({ name: kinds[kind]?.file ?? kind, text: '', as: kind }, true);
    this.select(this.documents[0]);
    switchesTabs(tabs, (tab) => this.select(this.documents.find((one) => one.tab === tab)));
  }

  get selected(): DeskDocument | undefined {
    return this.#selected;
  }

  /** The documents to judge. */
  given(): readonly DeskDocument[] {
    return this.documents.filter(({ editor }) => editor.length > 0 && editor.length <= longestDocument);
  }

  tooLong(): readonly DeskDocument[] {
    return this.documents.filter(({ editor }) => editor.length > longestDocument);
  }

  changed(): readonly DeskDocument[] {
    return this.documents.filter(({ editor, original }) => editor.text !== original);
  }

  byId(id: string | undefined): DeskDocument | undefined {
    return this.documents.find((one) => one.id === id);
  }

  /** Adds documents that were dropped together, and shows the first. */
  addAll(given: readonly GivenDocument[]): void {
    const batch = ++this.#batches;
    const [first] = given.map((one) => this.add(one, batch));
    this.select(first);
  }

  /** Uses an empty tab of its kind, or makes one. */
  add(given: GivenDocument, batch = ++this.#batches): DeskDocument {
    const place = this.documents.find(
      ({ kind, editor }) => given.as !== undefined && kind === given.as && editor.length === 0,
    );
    const document = place ?? this.#make({ ...given, text: '' });
    document.name = given.name;
    document.pending = given.as === undefined;
    document.batch = batch;
    document.original = given.text;
    document.editor.replace(given.text);
    this.#label(document);
    return document;
  }

  remove(document: DeskDocument): void {
    const at = this.documents.indexOf(document);
    if (at < 0) return;
    const neighbor = this.documents[at + 1] ?? this.documents[at - 1];
    this.documents.splice(at, 1);
    document.tab.remove();
    document.panel.remove();
    document.editor.destroy();
    if (this.#selected === document) this.select(neighbor);
    this.#options.onChange(false);
  }

  select(document: DeskDocument | undefined): void {
    if (!document) return;
    this.#selected = document;
    for (const one of this.documents) {
      const isSelected = one === document;
      one.tab.setAttribute('aria-selected', String(isSelected));
      one.tab.tabIndex = isSelected ? 0 : -1;
      one.panel.hidden = !isSelected;
    }
    document.editor.show();
    document.tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Shows the first tab of a kind, ready for typing. */
  showKind(kind: string): void {
    const document = this.documents.find((one) => one.kind === kind);
    this.select(document);
    document?.editor.focus();
  }

  goTo(document: DeskDocument, line: number, column: number): void {
    this.select(document);
    document.panel.scrollIntoView({ block: 'nearest' });
    document.editor.goTo(line, column);
  }

  /** Moves new documents to the tabs of their kinds. */
  settle(recognized: Judgment['recognized']): void {
    for (const { id, kind, what, used } of recognized) {
      const document = this.byId(id);
      if (!document) continue;
      // For a used document, the tab's name says it.
      document.panel.querySelector('.recognized')?.replaceChildren(used ? '' : `This document ${what}.`);
      if (!document.pending) continue;
      document.pending = false;
      const wanted = kind === undefined ? undefined : kindFor(kind, this.#options.everything);
      if (wanted !== undefined && wanted !== document.kind) this.#take(document, wanted);
    }
  }

  /** Moves a text to a tab of its kind: an empty, an older version's, or a new one. */
  #take(document: DeskDocument, kind: string): void {
    const { editor, name } = document;
    const others = this.documents.filter((one) => one !== document && one.kind === kind);
    // A newer version replaces the old one, and undo restores that. Documents that were dropped together all stay.
    const isOnly = kinds[kind]?.several === false;
    const isOlder = (one: DeskDocument) => one.batch !== document.batch && (isOnly || one.name === name);
    const place = others.find(
      (one) => one.editor.length === 0 || isOlder(one) || (isOnly && one.editor.text === editor.text),
    );
    if (!place && document.kind === undefined) {
      document.kind = kind;
      this.#label(document);
      return;
    }
    const isOwnName = name !== kinds[document.kind ?? '']?.file;
    const target = place ?? this.#make({ name, text: '', as: kind });
    target.name = isOwnName ? name : (kinds[kind]?.file ?? name);
    target.batch = document.batch;
    target.original = document.original;
    target.editor.replace(editor.text);
    const wasSelected = this.#selected === document;
    if (document.kind === undefined) this.remove(document);
    else {
      document.name = kinds[document.kind]?.file ?? name;
      document.original = '';
      editor.replace('');
    }
    if (wasSelected) this.select(target);
  }

  check(document: DeskDocument, kind: string): void {
    document.kind = kind;
    document.pending = false;
    this.#label(document);
    this.#options.onChange(false);
  }

  mark(document: DeskDocument, marks: readonly Mark[]): void {
    document.editor.mark(marks);
    const faults = marks.filter(({ tone }) => tone === 'error').length;
    this.#label(document, faults);
  }

  #label(document: DeskDocument, faults = 0): void {
    const { kind, name, editor, panel, tab } = document;
    const title = kinds[kind ?? '']?.title ?? name;
    const isFirstOfItsKind = this.documents.find((one) => one.kind === kind) === document;
    tab.innerHTML = renderTab(isFirstOfItsKind || kind === undefined ? title : `${title}: ${name}`, faults).markup;
    for (const part of [tab, panel]) part.classList.toggle('empty', editor.length === 0);
    panel.dataset['kind'] = kind ?? '';
    const choice = panel.querySelector<HTMLSelectElement>('select.kind');
    if (choice) choice.value = kind ?? '';
  }

  #make({ name, text, as }: GivenDocument, isStanding = false): DeskDocument {
    const id = `doc${++this.#ids}`;
    const kind = as === undefined ? undefined : kinds[as];
    this.#tabs.insertAdjacentHTML(
      'beforeend',
      `<button type="button" role="tab" id="tab-${id}" aria-controls="panel-${id}"></button>`,
    );
    this.#panels.insertAdjacentHTML('beforeend', renderPanel(id, this.#options.everything, isStanding).markup);
    const [tab, panel] = [this.#tabs.lastElementChild, this.#panels.lastElementChild];
    const host = panel?.querySelector('.editor');
    if (!(tab instanceof HTMLElement && panel instanceof HTMLElement && host instanceof HTMLElement))
      throw new Error(id);
    panel.hidden = true;
    const document: DeskDocument = {
      id,
      name,
      kind: as,
      isStanding,
      pending: false,
      batch: 0,
      original: text,
      tab,
      panel,
      editor: new Editor(host, {
        text,
        label: kind?.title ?? name,
        hint: kind?.hint ?? 'Paste or drop a document here.',
        onChange: (byPerson) => {
          this.#label(document);
          this.#options.onChange(byPerson);
        },
        onFirstPaste: () => {
          document.pending = true;
          document.batch = ++this.#batches;
        },
      }),
    };
    this.documents.push(document);
    this.#label(document);
    return document;
  }
}
