import { prose } from '../../cli/views/html/prose.ts';
import { type Html, html } from '../../cli/views/html/template.ts';
import type { JudgedQuestion } from '../../model/preflight/judge.ts';
import type { Judgment } from '../contract.ts';
import { kinds } from '../kinds.ts';

/** An answer that someone types or chooses. */
interface Field {
  readonly field: string;
  readonly label: Html;
  readonly allowed: string;
  readonly choices?: readonly string[] | undefined;
  readonly placeholder?: string | undefined;
}

/** A question or a parameter. Any of its fields answers it. */
export interface FieldGroup {
  /** Identifies the question while its text changes. */
  readonly key: string;
  /** Shown above several fields, or if there are none. */
  readonly text?: Html;
  readonly fields: readonly Field[];
  /** Where the question comes from. It may change while someone types. */
  readonly about?: Html;
}

/** @param jump a button that leads to a place, if there is one */
export function groupsOfQuestions(
  questions: readonly JudgedQuestion[],
  jump: (place: JudgedQuestion) => Html | undefined,
): readonly FieldGroup[] {
  const keyOf = ({ fields, text }: JudgedQuestion) => fields.map(({ field }) => field).join(' ') || text;
  const first = new Map(questions.toReversed().map((question) => [keyOf(question), question]));
  return [...first].toReversed().map(([key, { text, fields, part = '' }]) => {
    const asked = questions.filter((question) => keyOf(question) === key);
    const places = new Map(asked.flatMap((one) => jump(one) ?? []).map((button) => [button.markup, button]));
    const kind = kinds[part];
    const only = fields.length === 1;
    return {
      key,
      ...(!only && { text: prose(text) }),
      fields: fields.map(({ field, title, allowed, choices }) => ({
        field,
        label: only || title === undefined ? prose(text) : html`${title}`,
        allowed,
        choices: choices.length > 0 ? choices : undefined,
      })),
      about: html`${[...places.values()]}${
        kind &&
        html`<button type="button" class="jump" data-do="show" data-kind="${part}">Give the ${kind.title.toLowerCase()}</button>`
      }${fields.length > 1 && html`<span class="gloss">One of them is enough.</span>`}${
        fields.length === 0 &&
        !kind &&
        html`<span class="gloss">Only the owner of the account knows. There is no field for it here.</span>`
      }`,
    };
  });
}

export function groupsOfParameters(parameters: Judgment['parameters']): readonly FieldGroup[] {
  return parameters.map(({ name, description, default: usual, allowed, pattern }) => {
    const field = `parameter:${name}`;
    return {
      key: field,
      fields: [
        {
          field,
          label: html`<code>${name}</code>`,
          allowed: [description, pattern && `Pattern: ${pattern}`].filter(Boolean).join(' '),
          choices: allowed,
          placeholder: usual,
        },
      ],
    };
  });
}

/** @param id unique in the page; the IDs of everything in the group start with it */
export function renderGroup({ key, text, fields }: FieldGroup, id: string): Html {
  const inside = html`${fields.map((field) => renderField(field, `${id}-${field.field}`))}<p class="about"></p>`;
  return fields.length > 1
    ? html`<fieldset class="group" data-group="${key}"><legend class="asked">${text}</legend>${inside}</fieldset>`
    : html`<div class="group" data-group="${key}">${text && html`<p class="asked">${text}</p>`}${inside}</div>`;
}

function renderField({ field, label, allowed, choices, placeholder = '' }: Field, id: string): Html {
  const described = html`aria-describedby="${id}-allowed ${id}-wrong"`;
  const input = choices
    ? html`<select id="${id}" ${described}><option value="">not answered</option>${choices.map((choice) => html`<option>${choice}</option>`)}</select>`
    : html`<input id="${id}" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${placeholder}" ${described}>`;
  return html`<div class="field" data-field="${field}"><label for="${id}">${label}</label>${input}<p class="gloss" id="${id}-allowed">${allowed}</p><p class="wrong" id="${id}-wrong"></p></div>`;
}
