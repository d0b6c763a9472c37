import { bucketArn, keyIdIn, partitionIn, sessionsOf } from '../../core/arn.ts';
import { internalTestObjectKey } from '../../core/object-keys.ts';
import { literally } from '../../core/texts.ts';
import { placeholdersOf } from '../../model/world/build-world.ts';
import { fillPlaceholders } from '../../model/world/policy-parts.ts';

/** The names of a delivery's resources in AWS. */
export interface RealNames {
  readonly customer: string;
  readonly serviceAccountId: string;
  readonly customerAccountId: string;
  /** Absent, here and below, if unknown or nonexistent. */
  readonly deliveryRoleArn?: string;
  readonly checkRoleArn?: string;
  readonly internalBucket?: string;
  readonly serviceKeyArn?: string;
  readonly inboxBucket: string;
  /** The key's Region, which may differ from the event's. */
  readonly inboxKeyArn?: string;
}

type Substitution = readonly [name: RegExp, placeholder: string];

type ModelNames = Parameters<typeof placeholdersOf>[0];

/** Replaces real names with a scenario's placeholders, and detects where that would change a policy's meaning. */
export class Portable {
  readonly #substitutions: readonly Substitution[];
  readonly #copySource: readonly Substitution[];
  readonly #model: ModelNames;
  /** Each name in AWS with its name in the simulation, if the two differ. */
  readonly #pairs: readonly (readonly [real: string, model: string])[];

  constructor(real: RealNames, model: ModelNames) {
    this.#model = model;
    this.#substitutions = substitutionsOf(real, model);
    this.#copySource = substitutions([[real.internalBucket, model.internalBucket]]);
    const modelNames = namesOf({ ...model, customer: real.customer });
    this.#pairs = Object.entries(namesOf(real)).flatMap(([what, name]) => {
      const modelName = modelNames[what];
      return name === undefined || modelName === undefined || name === modelName ? [] : [[name, modelName] as const];
    });
  }

  /** @param value a policy, an ARN, or anything that contains them */
  of<T>(value: T): T {
    return this.#mapped(value, this.#substitutions) as T;
  }

  /**
   * A text in a policy that would match something in the simulation that it doesn't match in AWS, or vice versa: a
   * pattern such as `arn:aws:s3:::acme-*`, or the simulation's name of another resource.
   */
  lostMeaning(document: unknown): string | undefined {
    return textsIn(document).find((text) => {
      const inModel = fillPlaceholders(this.of(text), placeholdersOf(this.#model)) as string;
      return this.#pairs.some(([real, model]) => matches(text, real) !== matches(inModel, model));
    });
  }

  #mapped(value: unknown, substitutions: readonly Substitution[]): unknown {
    if (typeof value === 'string') {
      return substitutions.reduce((text, [pattern, placeholder]) => text.replace(pattern, () => placeholder), value);
    }
    if (Array.isArray(value)) return value.map((item) => this.#mapped(item, substitutions));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        // The only place where a bucket is identified by its plain name, which may be any word.
        const isCopySource = key.toLowerCase() === 's3:x-amz-copy-source';
        return [
          this.#mapped(key, substitutions),
          this.#mapped(item, isCopySource ? [...this.#copySource, ...substitutions] : substitutions),
        ];
      }),
    );
  }
}

function substitutionsOf(real: RealNames, model: ModelNames): readonly Substitution[] {
  const partition = partitionIn(real.inboxKeyArn);
  return substitutions([
    [real.deliveryRoleArn, '${deliveryRoleArn}'],
    [real.checkRoleArn, '${checkRoleArn}'],
    [real.deliveryRoleArn && sessionsOf(real.deliveryRoleArn), sessionsOf(model.deliveryRoleArn)],
    [real.checkRoleArn && sessionsOf(real.checkRoleArn), sessionsOf(model.checkRoleArn)],
    [real.internalBucket && bucketArn(partition, real.internalBucket), '${internalBucketArn}'],
    [bucketArn(partition, real.inboxBucket), '${inboxBucketArn}'],
    [real.serviceKeyArn, '${serviceKeyArn}'],
    [real.inboxKeyArn, '${inboxKeyArn}'],
    [real.serviceKeyArn && keyIdIn(real.serviceKeyArn), keyIdIn(model.serviceKeyArn)],
    [real.inboxKeyArn && keyIdIn(real.inboxKeyArn), keyIdIn(model.inboxKeyArn)],
    [real.serviceAccountId, '${serviceAccountId}'],
    [real.customerAccountId, '${customerAccountId}'],
  ]);
}

function substitutions(
  names: readonly (readonly [name: string | undefined, placeholder: string])[],
): readonly Substitution[] {
  return names.flatMap(([name, placeholder]) => (name ? [[bounded(name), placeholder] as const] : []));
}

/** Doesn't match part of a longer name, which is a different resource. */
function bounded(name: string): RegExp {
  return new RegExp(`(?<![\\w.@=+-])${literally(name)}(?![\\w.@=+-])`, 'g');
}

/** The names of a delivery that policies may contain, by kind. */
function namesOf(names: RealNames): Readonly<Record<string, string | undefined>> {
  const { customer, deliveryRoleArn, checkRoleArn, internalBucket, serviceKeyArn, inboxKeyArn } = names;
  const partition = partitionIn(inboxKeyArn);
  const waiting = internalBucket && `${internalBucket}/${internalTestObjectKey(customer, 'run')}`;
  return {
    deliveryRole: deliveryRoleArn,
    deliverySession: deliveryRoleArn && `${sessionsOf(deliveryRoleArn)}/check-${customer}`,
    checkRole: checkRoleArn,
    checkSession: checkRoleArn && `${sessionsOf(checkRoleArn)}/session`,
    internalBucket: internalBucket && bucketArn(partition, internalBucket),
    internalObject: waiting && bucketArn(partition, waiting),
    copySource: waiting,
    serviceKey: serviceKeyArn,
    inboxKey: inboxKeyArn,
  };
}

/** Every text in a policy that names a principal, a resource or a value. Sids and actions don't. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => (nameless.includes(key) ? [] : textsIn(item)));
}

const nameless: readonly string[] = ['Version', 'Id', 'Sid', 'Effect', 'Action', 'NotAction'];

/** Matches like IAM, except that a policy variable matches anything. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\$\{[^}]*\}|\*|\?)/)
    .map((part) => (part === '?' ? '.' : part === '*' || part.startsWith('${') ? '.*' : literally(part)))
    .join('');
  return new RegExp(`^${source}$`, 's').test(name);
}
