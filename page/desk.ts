/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { Judgement } from './contract.ts';
import { Editor, type Mark } from './editor.ts';
import { firstKinds, kindFor, kinds, longestDocument } from './kinds.ts';
import { renderPanel, renderTab } from './views/panels.ts';

export interface DeskDocument {
  readonly id: string;
  name: string;
  /** What it is checked as; undefined until its content has told, and where it does not. */
  kind: string | undefined;
  /** Is there whether it holds a document or not. */
  readonly isStanding: boolean;
  /** Came in one piece: its content tells what it is. */
  pending: boolean;
  /** What came together has the same number. */
  batch: number;
  /** What it was when it came, or was saved. */
  original: string;
  readonly editor: Editor;
  readonly tab: HTMLElement;
  readonly panel: HTMLElement;
}

export interface GivenDocument {
  readonly name: string;
  readonly text: string;
  readonly as?: string;
}

export interface DeskOptions {
  readonly everything: boolean;
  /** @param byPerson who typed or pasted; otherwise the page itself changed a text */
  readonly onChange: (byPerson: boolean) => void;
}

/** The documents, each in a tab. */
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
    tabs.addEventListener('click', (event) => this.select(this.#ofTab(event.target)));
    tabs.addEventListener('keydown', (event) => this.#move(event));
  }

  get selected(): DeskDocument | undefined {
    return this.#selected;
  }

  /** What there is to judge. */
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

  /** Adds what came together, and shows the first of it. */
  addAll(given: readonly GivenDocument[]): void {
    const batch = ++this.#batches;
    const [first] = given.map((one) => this.add(one, batch));
    this.select(first);
  }

  /** Into an empty tab of its kind, else into a new one. */
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

  /** Shows the first tab of a kind, to be filled in. */
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

  /** What came in one piece goes where its content belongs. */
  settle(recognized: Judgement['recognized']): boolean {
    let moved = false;
    for (const { id, kind, what, used } of recognized) {
      const document = this.byId(id);
      if (!document) continue;
      // What is used, its tab says.
      document.panel.querySelector('.recognized')?.replaceChildren(used ? '' : `This document ${what}.`);
      if (!document.pending) continue;
      document.pending = false;
      const wanted = kind === undefined ? undefined : kindFor(kind, this.#options.everything);
      if (wanted !== undefined && wanted !== document.kind) {
        this.#take(document, wanted);
        moved = true;
      } else if (kind !== wanted || (kind === undefined && document.kind !== undefined)) moved = true;
    }
    return moved;
  }

  /** Its text into the tab of what it is: an empty one, or one more. */
  #take(document: DeskDocument, kind: string): void {
    const { editor, name } = document;
    const others = this.documents.filter((one) => one !== document && one.kind === kind);
    // A newer version takes the place of the old one, and undo brings that back. Two that came together both stay.
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
    const title = kinds[document.kind ?? '']?.title ?? document.name;
    const isFirstOfItsKind = this.documents.find(({ kind }) => kind === document.kind) === document;
    const name = isFirstOfItsKind || document.kind === undefined ? title : `${title}: ${document.name}`;
    document.tab.innerHTML = renderTab(name, faults).markup;
    document.tab.classList.toggle('empty', document.editor.length === 0);
    document.panel.classList.toggle('empty', document.editor.length === 0);
    document.panel.dataset['kind'] = document.kind ?? '';
    const choice = document.panel.querySelector<HTMLSelectElement>('select.kind');
    if (choice) choice.value = document.kind ?? '';
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

  #ofTab(target: EventTarget | null): DeskDocument | undefined {
    const tab = target instanceof Element ? target.closest('[role=tab]') : null;
    return this.documents.find((one) => one.tab === tab);
  }

  /** https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
  #move(event: KeyboardEvent): void {
    const tabs = [...this.#tabs.querySelectorAll<HTMLElement>('[role=tab]')];
    const at = this.#selected ? tabs.indexOf(this.#selected.tab) : 0;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = tabs[to % tabs.length];
    this.select(this.#ofTab(tab ?? null));
    tab?.focus();
  }
}
