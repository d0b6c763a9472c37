/// <reference lib="dom" />

import type { Judgment } from './contract.ts';
import type { Desk, DeskDocument } from './desk.ts';
import { Fields } from './fields.ts';
import { groupsOfParameters } from './views/questions.ts';

/** The parameters of templates, as fields above the editors. */
export class Parameters {
  readonly #answers: Map<string, string>;
  readonly #onAnswer: () => void;
  readonly #fields = new Map<DeskDocument, Fields>();

  /** @param answers by field; shared with the code that has them judged */
  constructor(answers: Map<string, string>, onAnswer: () => void) {
    this.#answers = answers;
    this.#onAnswer = onAnswer;
  }

  ask({ documents }: Desk, parameters: Judgment['parameters']): void {
    for (const document of documents) {
      const part = document.panel.querySelector<HTMLElement>('.parameters');
      const host = part?.querySelector('div');
      const isTemplate = document.kind === 'template' && document.editor.length > 0;
      if (!part || !host || (!isTemplate && !this.#fields.has(document))) continue;
      host.id = `parameters-${document.id}`;
      const fields = this.#fields.get(document) ?? new Fields(host, this.#answers, this.#onAnswer);
      this.#fields.set(document, fields);
      fields.ask(isTemplate ? groupsOfParameters(parameters) : []);
      part.hidden = !isTemplate || parameters.length === 0;
      part.querySelector('summary')?.replaceChildren(`Parameters: ${parameters.length}`);
    }
  }
}
