import { statementsOf } from '../../model/world/policy-parts.ts';
import type { PolicyDocument, PolicyStatement } from '../../model/world/world.ts';

/** A policy with one piece of it gone, or one piece that limits it. */
export interface Ablation {
  /** `DeliverReports as a whole`, `EncryptDeliveredReports without kms:ViaService`. */
  readonly name: string;
  /** The same change in the same policy of another world; a policy without that piece stays as it is. */
  readonly in: (document: PolicyDocument) => PolicyDocument;
}

/**
 * Each action, resource, principal and condition of each statement taken out in turn, and each value of those that have
 * several. What is needed is missed then; what limits is missed by no one, and opens something.
 */
export function ablationsOf(document: PolicyDocument): readonly Ablation[] {
  return statementsOf(document).flatMap((statement, index) => {
    const { Sid } = statement;
    const isThis = (other: PolicyStatement, at: number) => (Sid === undefined ? at === index : other.Sid === Sid);
    const change = (name: string, to: (found: PolicyStatement) => PolicyStatement | undefined): Ablation => ({
      name: `${Sid ?? `statement ${index + 1}`} ${name}`,
      in: (other) => ({
        ...other,
        Statement: statementsOf(other).flatMap((found, at) => (isThis(found, at) ? (to(found) ?? []) : found)),
      }),
    });
    return [
      change('as a whole', () => undefined),
      ...['Action', 'Resource'].flatMap((element) =>
        severalIn(statement[element]).map((value) =>
          change(`without ${value}`, (found) => ({ ...found, [element]: others(found[element], value) })),
        ),
      ),
      ...severalIn(principalsOf(statement)).map((value) =>
        change(`without ${value}`, (found) => ({ ...found, Principal: { AWS: others(principalsOf(found), value) } })),
      ),
      ...limitsOf(statement).map(({ name, element, any }) =>
        change(name, (found) => ({ ...found, [element]: any }) as PolicyStatement),
      ),
      ...conditionsOf(statement).flatMap(({ operator, key, values }) => [
        change(`without ${key}`, (found) => withCondition(found, operator, key, undefined)),
        ...severalIn(values).map((value) =>
          change(`without ${key} ${value}`, (found) =>
            withCondition(found, operator, key, others(conditionIn(found, operator, key), value)),
          ),
        ),
      ]),
    ];
  });
}

/** The items of a list; a single one is the whole, and goes with the statement. */
function severalIn(value: unknown): readonly string[] {
  return Array.isArray(value) && value.length > 1 ? value : [];
}

function others(value: unknown, taken: string): readonly unknown[] {
  return [value].flat().filter((one) => one !== taken);
}

function principalsOf({ Principal }: PolicyStatement): unknown {
  return typeof Principal === 'object' && Principal !== null
    ? (Principal as { readonly AWS?: unknown }).AWS
    : Principal;
}

/** An Allow for everyone, or for everything: a Deny is the narrower the less it names. */
function limitsOf({ Effect, Principal, Resource }: PolicyStatement) {
  if (Effect === 'Deny') return [];
  return [
    ...(Principal === undefined || Principal === '*' ? [] : [{ name: 'for anybody', element: 'Principal', any: '*' }]),
    ...(Resource === undefined || isAnything(Resource) ? [] : [{ name: 'on anything', element: 'Resource', any: '*' }]),
  ];
}

/** Every object or every key is as much as an action on objects or keys can be about. */
function isAnything(resource: unknown): boolean {
  return /^(\*|arn:[\w-]+:s3:::\*\/\*|arn:[\w-]+:kms:\*:\*:key\/\*)$/.test(String(resource));
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function conditionsOf({ Condition }: PolicyStatement) {
  return Object.entries((Condition ?? {}) as Conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
  );
}

function conditionIn({ Condition }: PolicyStatement, operator: string, key: string): unknown {
  return (Condition as Conditions | undefined)?.[operator]?.[key];
}

function withCondition(statement: PolicyStatement, operator: string, key: string, value: unknown): PolicyStatement {
  const { Condition, ...rest } = statement;
  const { [operator]: keys = {}, ...operators } = (Condition ?? {}) as Conditions;
  const { [key]: _, ...kept } = keys;
  const changed = { ...kept, ...(value !== undefined && { [key]: value }) };
  const all = { ...operators, ...(Object.keys(changed).length > 0 && { [operator]: changed }) };
  return { ...rest, ...(Object.keys(all).length > 0 && { Condition: all }) } as PolicyStatement;
}
