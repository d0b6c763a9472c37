/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { fill } from './dom.ts';
import { type FieldGroup, renderGroup } from './views/questions.ts';

/**
 * Fields that stay in place while the user types. A new judgment adds new ones, and removes only those that have
 * neither a question nor an answer.
 */
export class Fields {
  readonly #host: HTMLElement;
  readonly #answers: Map<string, string>;

  /** @param answers by field; shared with the code that has them judged */
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

  /** @param wrong what is wrong with an answer, by its field */
  ask(groups: readonly FieldGroup[], wrong: ReadonlyMap<string, string> = new Map()): void {
    for (const element of this.#shown) {
      const isAsked = groups.some(({ key }) => key === element.dataset['group']);
      const isAnswered = fieldsIn(element).some(({ dataset }) => this.#answers.has(dataset['field'] ?? ''));
      if (!isAsked && !isAnswered && !element.contains(document.activeElement)) element.remove();
    }
    for (const group of groups) {
      if (!this.#groupOf(group)) this.#add(group);
      const about = this.#groupOf(group)?.querySelector<HTMLElement>('.about');
      if (about && group.about) fill(about, group.about);
    }
    for (const field of this.#shown.flatMap(fieldsIn)) mark(field, wrong.get(field.dataset['field'] ?? ''));
    this.#host.classList.toggle('empty', this.#host.childElementCount === 0);
  }

  get #shown(): readonly HTMLElement[] {
    return [...this.#host.querySelectorAll<HTMLElement>('[data-group]')];
  }

  #groupOf({ key }: FieldGroup): HTMLElement | undefined {
    return this.#shown.find(({ dataset }) => dataset['group'] === key);
  }

  #add(group: FieldGroup): void {
    this.#host.insertAdjacentHTML('beforeend', renderGroup(group, this.#host.id).markup);
    for (const field of this.#groupOf(group)?.querySelectorAll<HTMLElement>('[data-field]') ?? []) {
      const input = field.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
      if (input) input.value = this.#answers.get(field.dataset['field'] ?? '') ?? '';
    }
  }
}

function fieldsIn(group: HTMLElement): readonly HTMLElement[] {
  return [...group.querySelectorAll<HTMLElement>('[data-field]')];
}

function mark(field: HTMLElement, message = ''): void {
  field.querySelector('input, select')?.setAttribute('aria-invalid', String(message !== ''));
  field.querySelector('.wrong')?.replaceChildren(message);
}

/** The answers in the judge's form. */
export function answered(answers: ReadonlyMap<string, string>) {
  const of = (prefix: string) =>
    Object.fromEntries(
      [...answers].flatMap(([field, value]) => (field.startsWith(prefix) ? [[field.slice(prefix.length), value]] : [])),
    );
  const told = [...answers].filter(([field]) => !field.includes(':') && field !== 'stackName');
  const stackName = answers.get('stackName');
  const isYesOrNo = (value: string) => value === 'yes' || value === 'no';
  return {
    told: Object.fromEntries(told.map(([field, value]) => [field, isYesOrNo(value) ? value === 'yes' : value])),
    parameters: of('parameter:'),
    imports: of('import:'),
    ...(stackName !== undefined && { stackName }),
  };
}
