/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { announce, show, showFirstEdge } from '../cli/views/html/browser/edges.ts';
import { renderPermissions } from '../cli/views/html/section.ts';
import type { Report } from '../core/report.ts';
import type { Judgement, PageSettings } from './contract.ts';
import { Desk, type DeskDocument, type GivenDocument } from './desk.ts';
import { element, fill } from './dom.ts';
import type { DroppedFiles } from './files.ts';
import { JudgeLink } from './judge-link.ts';
import { kinds } from './kinds.ts';
import { marksOf } from './marks.ts';
import { failed, tooLong, unreadable } from './problems.ts';
import { renderFaults } from './views/faults.ts';
import { renderFinish } from './views/finish.ts';
import { answered, Fields, fieldsOfParameters, fieldsOfQuestions } from './views/questions.ts';
import { renderService } from './views/service.ts';
import { verdictOf } from './views/verdict.ts';

export interface AppOptions {
  readonly settings: PageSettings;
  /** Of the worker, in one piece. */
  readonly source: string;
  /** Told whenever something may have to be kept. */
  readonly onChange: () => void;
}

/** A change that somebody took. */
interface Applied {
  readonly document: DeskDocument;
  readonly summary: string;
  readonly after: string;
}

/** Says that it works on it where an answer takes longer. */
const noticedAfterMs = 300;

/** What is on the page, and what happens where something changes. */
export class App {
  readonly desk: Desk;
  readonly answers: Map<string, string>;
  readonly #settings: PageSettings;
  readonly #link: JudgeLink;
  readonly #questions: Fields;
  readonly #parameters = new Map<DeskDocument, Fields>();
  readonly #applied: Applied[] = [];
  #unreadable: readonly string[] = [];
  #isApplying = false;
  #asked = 0;
  readonly #onChange: () => void;
  #judgement: Judgement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ settings, source, onChange }: AppOptions) {
    this.#settings = settings;
    this.#onChange = onChange;
    // Its worker starts beside all that follows.
    this.#link = new JudgeLink({
      source,
      settings,
      onJudgement: (judgement) => this.#told(judgement),
      onFailure: (message) => this.#told(failed(message)),
    });
    this.answers = new Map(
      Object.entries({
        ...settings.told,
        ...prefixed('parameter', settings.deployment?.parameters),
        ...prefixed('import', settings.deployment?.imports),
      }).map(([field, value]) => [field, value === true ? 'yes' : value === false ? 'no' : value] as const),
    );
    this.desk = new Desk(element('tabs'), element('panels'), {
      everything: settings.everything,
      onChange: () => {
        // Who goes on has read it.
        this.#unreadable = [];
        this.judge();
      },
    });
    this.#questions = new Fields(element('questions'), this.answers, () => this.judge());
    element('service-body').innerHTML = renderService(settings).markup;
    const given = [...(settings.everything ? serviceSide(settings) : []), ...(settings.documents ?? [])];
    for (const document of given) this.desk.add(document);
    this.desk.select(this.desk.documents.find(({ editor }) => editor.length > 0) ?? this.desk.documents[0]);
    this.judge();
  }

  judge(): void {
    const documents = this.desk.given().map(({ id, name, kind, pending, editor }) => ({
      id,
      name,
      text: editor.text,
      ...(kind !== undefined && !pending && { as: kind }),
    }));
    const { told, parameters, imports } = answered(this.answers);
    const { stackName } = this.#settings.deployment ?? {};
    this.#link.judge({ documents, told, deployment: { parameters, imports, ...(stackName && { stackName }) } });
    // Who drives the page by a program sees by these two when it has answered.
    document.documentElement.dataset['asked'] = String(++this.#asked);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => element('verdict').classList.toggle('busy', this.#link.isBusy), noticedAfterMs);
    this.#onChange();
  }

  /** What somebody brings takes the place of what could not be read before. */
  take({ documents, unreadable: names }: DroppedFiles): void {
    for (const document of documents) this.desk.select(this.desk.add(document));
    this.#unreadable = names;
    if (names.length > 0) this.judge();
  }

  apply(number: number): void {
    const mend = this.#judgement?.mends[number];
    const document = this.desk.byId(mend?.document);
    // Somebody may have typed since.
    if (!mend || !document || document.editor.text !== mend.before) return;
    document.editor.replace(mend.after);
    this.#applied.push({ document, summary: mend.summary, after: mend.after });
    this.desk.select(document);
    announce(`Applied: ${mend.summary} Undo takes it back.`);
    this.#isApplying = true;
  }

  undo(document: DeskDocument): void {
    document.editor.undo();
    announce('Taken back.');
  }

  /** The last change that was taken, as long as it is what the document ends with. */
  get #lastApplied(): Applied | undefined {
    const last = this.#applied.at(-1);
    return last && last.document.editor.text === last.after ? last : undefined;
  }

  #told(judgement: Judgement): void {
    clearTimeout(this.#timer);
    // What belongs elsewhere is judged again from there.
    if (this.desk.settle(judgement.recognized)) {
      this.judge();
      return;
    }
    this.#judgement = judgement;
    const { report } = judgement;
    const problems = [...judgement.problems, ...this.desk.tooLong().map(tooLong), ...this.#unreadable.map(unreadable)];
    const worded = problems.map(({ document, message }) => {
      const title = this.#titleOf(this.desk.byId(document));
      return title === undefined ? message : `${title}: ${message}`;
    });
    const used = judgement.recognized.filter((one) => one.used);
    const { checked, shipped } = this.#basis(used.map(({ id }) => id));
    const { tone, body, sentence } = verdictOf({
      report,
      problems: worded,
      questions: judgement.questions.length,
      checked,
      shipped,
      unused: judgement.recognized
        .filter((one) => !one.used)
        .map(({ id, what }) => `${this.desk.byId(id)?.name}: ${what}`),
    });
    const verdict = element('verdict');
    const isNew = verdict.dataset['sentence'] !== sentence;
    verdict.className = `verdict ${tone}`;
    fill(verdict, body);
    if (isNew) announce(sentence);
    verdict.dataset['sentence'] = sentence;
    fill(
      element('faults'),
      renderFaults({
        report,
        places: judgement.places,
        mends: judgement.mends,
        problems,
        questions: judgement.questions.length,
        isOfTheirs: checked.length > 0,
        applied: this.#lastApplied && { summary: this.#lastApplied.summary, document: this.#lastApplied.document.id },
        titleOf: (id) => this.#titleOf(this.desk.byId(id)),
        idOf: (name) => this.desk.documents.find((one) => one.name === name && one.editor.length > 0)?.id,
      }),
    );
    this.#questions.ask(fieldsOfQuestions(judgement.questions));
    const [hasQuestions, hasFaults] = ['questions', 'faults'].map((id) => element(id).childElementCount > 0);
    element('questions-part').classList.toggle('empty', !hasQuestions);
    element('faults').classList.toggle('empty', !hasFaults);
    element('work').classList.toggle('clean', !hasQuestions && !hasFaults);
    this.#askParameters(judgement);
    if (report) draw(report);
    element('drawing').classList.toggle('stale', problems.length > 0);
    for (const document of this.desk.documents) {
      this.desk.mark(document, marksOf(document, judgement, report, problems));
    }
    if (this.#isApplying) {
      this.#isApplying = false;
      // The button that was pressed is gone; what it did can be taken back here.
      element('faults').querySelector<HTMLElement>('.applied button')?.focus({ preventScroll: true });
    }
    const changed = this.desk.changed();
    element('finish').classList.toggle('empty', !report || checked.length === 0);
    fill(
      element('finish'),
      renderFinish({
        report: problems.length === 0 ? report : undefined,
        customer: (this.#settings.event as { readonly customer?: string } | undefined)?.customer,
        checked,
        shipped,
        changed,
        applied: this.#applied.filter(({ document }) => changed.includes(document)).map(({ summary }) => summary),
        answers: [...this.answers],
      }),
    );
    const { dataset } = document.documentElement;
    dataset['judged'] = String(this.#asked);
    dataset['firstAfter'] ??= String(performance.now());
  }

  #basis(used: readonly string[]): { readonly checked: readonly string[]; readonly shipped: readonly string[] } {
    const checked = used.flatMap((id) => this.#titleOf(this.desk.byId(id)) ?? []);
    const has = (kind: string) => used.some((id) => this.desk.byId(id)?.kind === kind);
    const always = ['customer.inbox.bucketPolicy', 'customer.key.keyPolicy'];
    const missing = has('template') ? [] : always.filter((kind) => !has(kind));
    return { checked, shipped: missing.flatMap((kind) => kinds[kind]?.title ?? []) };
  }

  #titleOf(document: DeskDocument | undefined): string | undefined {
    return document && (kinds[document.kind ?? '']?.title ?? document.name);
  }

  #askParameters({ parameters }: Judgement): void {
    for (const document of this.desk.documents) {
      const host = document.panel.querySelector<HTMLElement>('.parameters');
      const isTemplate = document.kind === 'template' && document.editor.length > 0;
      if (!host || (!isTemplate && !this.#parameters.has(document))) continue;
      host.id = `parameters-${document.id}`;
      const fields = this.#parameters.get(document) ?? new Fields(host, this.answers, () => this.judge());
      this.#parameters.set(document, fields);
      fields.ask(isTemplate ? fieldsOfParameters(parameters) : []);
    }
  }
}

function draw(report: Report): void {
  const host = element('drawing');
  const chosen = host.querySelector('a.edge[aria-current]')?.getAttribute('href');
  const isNew = fill(host, renderPermissions(report, 'r0', 2));
  if (!isNew) return;
  const again = chosen && host.querySelector(`a.edge[href="${chosen}"]`);
  if (again && host.querySelectorAll('.is-refused, .is-broken, .is-suspected').length === 0) show(again);
  else showFirstEdge(host);
}

function serviceSide({ event, serviceDocuments = [] }: PageSettings): readonly GivenDocument[] {
  const text = event === undefined ? undefined : `${JSON.stringify(event, null, 2)}\n`;
  return [...(text === undefined ? [] : [{ name: 'event.json', text, as: 'event' }]), ...serviceDocuments];
}

function prefixed(prefix: string, values: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}:${name}`, value]));
}
