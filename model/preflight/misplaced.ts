import { InputError } from '../text/input-error.ts';
import { fileName } from '../text/positions.ts';
import { guess } from './guess.ts';
import { type PlaceName, places, type SlotName, slots } from './slots.ts';

const others = {
  template: { what: 'a template', option: '--inbox-template' },
  event: { what: 'a test event', option: '--event' },
  scenario: { what: 'a scenario', option: '--scenario' },
} as const;

/** A document that was given as something else than it is. */
export class MisplacedError extends InputError {
  constructor(
    message: string,
    /** The same for who gives documents without options. */
    readonly withoutOptions: string,
  ) {
    super(message);
  }
}

/** Policies whose every action is of another service than that of what they are said to be of. */
const strangers: Readonly<Partial<Record<PlaceName, { readonly service: string; readonly belongsTo: SlotName }>>> = {
  bucketPolicy: { service: 'kms', belongsTo: 'keyPolicy' },
  keyPolicy: { service: 's3', belongsTo: 'bucketPolicy' },
  vpcEndpointPolicy: { service: 'kms', belongsTo: 'keyPolicy' },
};

const withoutPrincipal: ReadonlySet<PlaceName> = new Set([
  'serviceControlPolicy',
  'customerServiceControlPolicy',
  'permissionsBoundary',
]);

/**
 * Tells of a file that was given as something else than it is, before its every line is found to be wrong.
 *
 * @param value of the file
 * @throws MisplacedError
 */
export function refuseMisplaced(slot: PlaceName, value: unknown, file: string): void {
  const found = guess(value, fileName(file));
  const { holds } = found;
  const expected = `where the ${places[slot].title} is expected`;
  if (holds === 'template' || holds === 'event' || holds === 'scenario') {
    const { what, option } = others[holds];
    throw new MisplacedError(
      `${file}: is ${what}: give it with ${option}. Here it stands ${expected}.`,
      `is ${what}, ${expected}.`,
    );
  }
  if (holds === 'settings') {
    const [{ title = 'a setting' } = {}] = found.settings;
    throw new InputError(`${file}: is the answer of a command (${title}), ${expected}: give it without an option.`);
  }
  if (holds === 'terraform') {
    throw new MisplacedError(
      `${file}: is what Terraform renders: give it without an option, and the policies in it are used.`,
      `is what Terraform renders, ${expected}.`,
    );
  }
  // What a customer's documents never are, those of the service can be.
  const isCustomers = Object.hasOwn(slots, slot);
  if (holds === 'nothing' && isCustomers && !found.isUnknown) throw new InputError(`${file}: ${found.why}.`);
  if (holds === 'policy' && withoutPrincipal.has(slot) && !withoutPrincipal.has(found.slot)) {
    const { title, option } = slots[found.slot];
    throw new MisplacedError(
      `${file}: has a Principal, ${expected}. Is it the ${title} (--${option})?`,
      `has a Principal, ${expected}. Is it the ${title}?`,
    );
  }
  const stranger = strangers[slot];
  if (stranger === undefined) return;
  const { service, belongsTo } = stranger;
  const actions = actionsIn(value);
  if (actions.length > 0 && actions.every((action) => action.toLowerCase().startsWith(`${service}:`))) {
    const { title, option } = slots[belongsTo];
    throw new MisplacedError(
      `${file}: every action in it is one of ${service}, ${expected}. Is it the ${title} (--${option})?`,
      `has only actions of ${service}, ${expected}. Is it the ${title}?`,
    );
  }
}

/**
 * The same of a file that was given as a template.
 *
 * @param keys at its top
 */
export function refuseNoTemplate(keys: readonly string[], file: string): void {
  if (keys.includes('Resources')) return;
  const expected = 'where a template is expected';
  if (keys.includes('Statement')) {
    throw new MisplacedError(
      `${file}: is a policy, ${expected}: give it without an option, or with that of its kind, such as --bucket-policy.`,
      `is a policy, ${expected}.`,
    );
  }
  const holds = keys.includes('inbox') ? 'event' : keys.includes('expect') ? 'scenario' : undefined;
  if (holds === undefined) return;
  const { what, option } = others[holds];
  throw new MisplacedError(`${file}: is ${what}, ${expected}: give it with ${option}.`, `is ${what}, ${expected}.`);
}

function actionsIn(value: unknown): readonly string[] {
  const { Statement: statements } = (value ?? {}) as { readonly Statement?: unknown };
  return [statements].flat().flatMap((statement) => {
    const { Action, NotAction } = (statement ?? {}) as { readonly Action?: unknown; readonly NotAction?: unknown };
    return [Action, NotAction].flat().filter((action) => typeof action === 'string');
  });
}
