/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import type { Judgment, PageSettings } from './contract.ts';
import { Desk, type DeskDocument } from './desk.ts';
import { element } from './dom.ts';
import { answered, Fields } from './fields.ts';
import type { DroppedFiles } from './files.ts';
import { type Applied, findingsOf } from './findings.ts';
import type { Program } from './judge/first-worker.ts';
import { JudgeLink } from './judge-link.ts';
import { marksOf } from './marks.ts';
import { Parameters } from './parameters.ts';
import { failed } from './problems.ts';
import { showFindings } from './show-findings.ts';
import { Speaker } from './speaker.ts';
import { answersIn, documentsIn } from './start.ts';
import { renderService } from './views/service.ts';

export interface AppOptions {
  readonly settings: PageSettings;
  readonly program: Program;
  /** Called when documents or answers may have changed. */
  readonly onChange: () => void;
}

/** After this time, the verdict shows that the page is working. */
const noticedAfterMs = 300;

/** The page's state, and what happens when it changes. */
export class App {
  readonly desk: Desk;
  readonly answers: Map<string, string>;
  readonly speaker = new Speaker();
  readonly #settings: PageSettings;
  readonly #link: JudgeLink;
  readonly #questions: Fields;
  readonly #parameters: Parameters;
  readonly #applied: Applied[] = [];
  #unreadable: readonly string[] = [];
  #isApplying = false;
  #isAsking = false;
  #asked = 0;
  readonly #onChange: () => void;
  #judgment: Judgment | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ settings, program, onChange }: AppOptions) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#link = new JudgeLink({
      program,
      settings,
      onJudgment: (judgment) => this.#show(judgment),
      onFailure: (message) => this.#show(failed(message)),
    });
    this.answers = answersIn(settings);
    this.desk = new Desk(element('tabs'), element('panels'), {
      everything: settings.everything,
      onChange: (byPerson) => (byPerson ? this.edited() : this.judge()),
    });
    this.#questions = new Fields(element('questions'), this.answers, () => this.judge());
    this.#parameters = new Parameters(this.answers, () => this.judge());
    element('service-body').innerHTML = renderService(settings).markup;
    for (const document of documentsIn(settings)) this.desk.add(document);
    this.desk.select(this.desk.documents.find(({ editor }) => editor.length > 0) ?? this.desk.documents[0]);
    this.judge();
  }

  /** Judges once after all changes of the same task, such as several dropped files. */
  judge(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    queueMicrotask(() => {
      this.#isAsking = false;
      this.#ask();
    });
  }

  #ask(): void {
    const given = this.desk.given();
    const documents = given.map(({ id, name, kind, pending, editor }) => ({
      id,
      name,
      text: editor.text,
      ...(kind !== undefined && !pending && { as: kind }),
    }));
    const { stackName = this.#settings.deployment?.stackName, told, ...values } = answered(this.answers);
    const deployment = { ...values, ...(stackName && { stackName }) };
    this.#link.judge({ documents, told, deployment, kindsOnly: given.some(({ pending }) => pending) });
    // Tests compare these two to see that the page has answered.
    document.documentElement.dataset['asked'] = String(++this.#asked);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => element('verdict').classList.toggle('busy', this.#link.isBusy), noticedAfterMs);
    this.#onChange();
  }

  /** Drops the list of unreadable files once the person goes on working. */
  edited(): void {
    this.#unreadable = [];
    this.judge();
  }

  take({ documents, unreadable }: DroppedFiles): void {
    this.#unreadable = unreadable;
    this.desk.addAll(documents);
    this.judge();
  }

  apply(number: number): void {
    const fix = this.#judgment?.fixes[number];
    const document = this.desk.byId(fix?.document);
    // The text may have changed since.
    if (!fix || !document || document.editor.text !== fix.before) return;
    // Only a visible editor can scroll to the change.
    this.desk.select(document);
    document.editor.replace(fix.after);
    this.#applied.push({ document, summary: fix.summary, after: fix.after });
    this.speaker.say(`Applied: ${fix.summary}`);
    this.#isApplying = true;
  }

  /** Empties a tab, or removes one that was added for its document. */
  clear(document: DeskDocument): void {
    const { name } = document;
    if (document.isStanding) document.editor.replace('');
    else this.desk.remove(document);
    // The pressed button is gone.
    if (document === this.desk.selected) document.editor.focus();
    else this.desk.selected?.tab.focus();
    this.speaker.say(`${name} is removed.`);
    this.edited();
  }

  undo(document: DeskDocument): void {
    document.editor.undo();
    this.speaker.say('Undone.');
  }

  #show(judgment: Judgment): void {
    clearTimeout(this.#timer);
    this.desk.settle(judgment.recognized);
    // Now that new documents are in their tabs, judge them.
    if (judgment.kindsOnly) {
      this.judge();
      return;
    }
    this.#judgment = judgment;
    const findings = findingsOf(judgment, {
      desk: this.desk,
      unreadable: this.#unreadable,
      applied: this.#applied,
      answers: this.answers,
      settings: this.#settings,
    });
    this.speaker.tell(showFindings(findings, this.#questions));
    this.#parameters.ask(this.desk, judgment.parameters);
    for (const one of this.desk.documents) this.desk.mark(one, marksOf(one, findings));
    if (this.#isApplying) {
      this.#isApplying = false;
      // The pressed button is gone. Move the focus to its Undo.
      element('faults').querySelector<HTMLElement>('.applied button')?.focus({ preventScroll: true });
    }
    const { dataset } = document.documentElement;
    dataset['judged'] = String(this.#asked);
    dataset['firstAfter'] ??= String(performance.now());
  }
}
