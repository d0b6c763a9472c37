/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { type Html, html } from '../../cli/views/html/template.ts';
import { prose } from '../../cli/views/html/words.ts';
import type { JudgedQuestion } from '../../model/preflight/judge.ts';
import type { Judgement } from '../contract.ts';

/** One that an answer can be typed or chosen for. */
interface Field {
  readonly field: string;
  readonly label: Html;
  readonly allowed: string;
  readonly choices?: readonly string[] | undefined;
  readonly placeholder?: string | undefined;
}

/**
 * Fields that stay where they are while somebody types into them: a new judgement only adds those that are new, and takes
 * away those that nobody has answered and nothing asks for.
 */
export class Fields {
  readonly #host: HTMLElement;
  readonly #answers: Map<string, string>;

  /** @param answers by field; shared with who has them judged */
  constructor(host: HTMLElement, answers: Map<string, string>, onAnswer: () => void) {
    this.#host = host;
    this.#answers = answers;
    host.addEventListener('input', ({ target }) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
      const field = target.closest<HTMLElement>('[data-field]')?.dataset['field'];
      if (field === undefined) return;
      if (target.value === '') answers.delete(field);
      else answers.set(field, target.value);
      onAnswer();
    });
  }

  ask(fields: readonly Field[]): void {
    const there = [...this.#host.querySelectorAll<HTMLElement>('[data-field]')];
    for (const element of there) {
      const { field = '' } = element.dataset;
      const isAsked = fields.some((one) => one.field === field);
      if (!isAsked && !this.#answers.has(field) && !element.contains(document.activeElement)) element.remove();
    }
    for (const one of fields) {
      if (there.some(({ dataset }) => dataset['field'] === one.field)) continue;
      this.#host.insertAdjacentHTML('beforeend', renderField(one, `${this.#host.id}-${one.field}`).markup);
      const input = this.#host.lastElementChild?.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
      if (input) input.value = this.#answers.get(one.field) ?? '';
    }
    this.#host.classList.toggle('empty', this.#host.childElementCount === 0);
  }
}

function renderField({ field, label, allowed, choices, placeholder = '' }: Field, id: string): Html {
  const input = choices
    ? html`<select id="${id}" aria-describedby="${id}-allowed"><option value=""></option>${choices.map((choice) => html`<option>${choice}</option>`)}</select>`
    : html`<input id="${id}" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${placeholder}" aria-describedby="${id}-allowed">`;
  return html`<div class="field" data-field="${field}"><label for="${id}">${label}</label>${input}<p class="gloss" id="${id}-allowed">${allowed}</p></div>`;
}

export function fieldsOfQuestions(questions: readonly JudgedQuestion[]): readonly Field[] {
  return questions.map(({ field, text, allowed, choices }) => ({ field, label: prose(text), allowed, choices }));
}

export function fieldsOfParameters(parameters: Judgement['parameters']): readonly Field[] {
  return parameters.map(({ name, description, default: usual, allowed, pattern }) => ({
    field: `parameter:${name}`,
    label: html`<code>${name}</code>`,
    allowed: [description, pattern && `Pattern: ${pattern}`].filter(Boolean).join(' '),
    choices: allowed,
    placeholder: usual,
  }));
}

/** Answers as the judge takes them. */
export function answered(answers: ReadonlyMap<string, string>) {
  const of = (prefix: string) =>
    Object.fromEntries(
      [...answers].flatMap(([field, value]) => (field.startsWith(prefix) ? [[field.slice(prefix.length), value]] : [])),
    );
  const told = [...answers].filter(([field]) => !field.includes(':'));
  const isYesOrNo = (value: string) => value === 'yes' || value === 'no';
  return {
    told: Object.fromEntries(told.map(([field, value]) => [field, isYesOrNo(value) ? value === 'yes' : value])),
    parameters: of('parameter:'),
    imports: of('import:'),
  };
}
