import { InputError } from '../text/input-error.ts';
import { fileName } from '../text/policy-file.ts';
import { guess } from './guess.ts';
import { type PlaceName, places, type SlotName, slots, slotsWith } from './slots.ts';

const others = {
  template: { what: 'a template', option: '--inbox-template' },
  event: { what: 'a test event', option: '--event' },
  scenario: { what: 'a scenario', option: '--scenario' },
} as const;

/** A document was given as something that it is not. */
export class MisplacedError extends InputError {
  /** The same message for users who give documents without options. */
  readonly withoutOptions: string;

  /** @param advice text about options; the likely place of a policy is suggested in either case */
  constructor(file: string, what: string, advice: string, slot?: SlotName) {
    const guessed = slot && slots[slot];
    super(`${file}: ${what}${guessed ? `. Is it the ${guessed.title} (--${guessed.option})?` : advice}`);
    this.withoutOptions = `${what}.${guessed ? ` Is it the ${guessed.title}?` : ''}`;
  }
}

/** Policies whose actions all belong to another service than the resource that they are given for. */
const strangers: Readonly<Partial<Record<PlaceName, { readonly service: string; readonly belongsTo: SlotName }>>> = {
  bucketPolicy: { service: 'kms', belongsTo: 'keyPolicy' },
  keyPolicy: { service: 's3', belongsTo: 'bucketPolicy' },
  vpcEndpointPolicy: { service: 'kms', belongsTo: 'keyPolicy' },
};

const withoutPrincipal: ReadonlySet<PlaceName> = new Set(slotsWith('forbidden'));

/**
 * Reports a file that was given as something that it is not, before every line of it is reported as wrong.
 *
 * @param value the file's content
 * @throws MisplacedError
 */
export function refuseMisplaced(slot: PlaceName, value: unknown, file: string): void {
  const found = guess(value, fileName(file));
  const { holds } = found;
  const expected = `where the ${places[slot].title} is expected`;
  if (holds === 'template' || holds === 'event' || holds === 'scenario') {
    const { what, option } = others[holds];
    throw new MisplacedError(file, `is ${what}, ${expected}`, `: give it with ${option}.`);
  }
  if (holds === 'settings') {
    const [{ title = 'a setting' } = {}] = found.settings;
    throw new InputError(`${file}: is the answer of a command (${title}), ${expected}: give it without an option.`);
  }
  if (holds === 'terraform') {
    const advice = ': give it without an option, and the policies in it are used.';
    throw new MisplacedError(file, `is what Terraform renders, ${expected}`, advice);
  }
  // The service's documents can be of types that a customer never has.
  const isCustomers = Object.hasOwn(slots, slot);
  if (holds === 'nothing' && isCustomers && !found.isUnknown) throw new InputError(`${file}: ${found.why}.`);
  if (holds === 'policy' && withoutPrincipal.has(slot) && !withoutPrincipal.has(found.slot)) {
    throw new MisplacedError(file, `has a Principal, ${expected}`, '', found.slot);
  }
  const stranger = strangers[slot];
  if (stranger === undefined) return;
  const { service, belongsTo } = stranger;
  const actions = actionsIn(value);
  if (actions.length > 0 && actions.every((action) => action.toLowerCase().startsWith(`${service}:`))) {
    throw new MisplacedError(file, `has only actions of ${service}, ${expected}`, '', belongsTo);
  }
}

/**
 * The same for a file that was given as a template.
 *
 * @param keys its top-level keys
 */
export function refuseNoTemplate(keys: readonly string[], file: string): void {
  if (keys.includes('Resources')) return;
  const expected = 'where a template is expected';
  if (keys.includes('Statement')) {
    const advice = ': give it without an option, or with that of its kind, such as --bucket-policy.';
    throw new MisplacedError(file, `is a policy, ${expected}`, advice);
  }
  const holds = keys.includes('inbox') ? 'event' : keys.includes('expect') ? 'scenario' : undefined;
  if (holds === undefined) return;
  const { what, option } = others[holds];
  throw new MisplacedError(file, `is ${what}, ${expected}`, `: give it with ${option}.`);
}

function actionsIn(value: unknown): readonly string[] {
  const { Statement: statements } = (value ?? {}) as { readonly Statement?: unknown };
  return [statements].flat().flatMap((statement) => {
    const { Action, NotAction } = (statement ?? {}) as { readonly Action?: unknown; readonly NotAction?: unknown };
    return [Action, NotAction].flat().filter((action) => typeof action === 'string');
  });
}
