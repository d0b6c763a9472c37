import { statementsOf } from '../../model/world/policy-parts.ts';
import type { PolicyDocument, PolicyStatement } from '../../model/world/world.ts';

/** A policy without one of its pieces or limits. */
export interface Ablation {
  /** `DeliverReports as a whole`, `EncryptDeliveredReports without kms:ViaService`. */
  readonly name: string;
  /** The same change in the same policy of another world. A policy without that piece stays unchanged. */
  readonly in: (document: PolicyDocument) => PolicyDocument;
}

/**
 * Removes each action, resource, principal and condition of each statement in turn, and each value of those that have
 * several. A needed piece then fails a check because something is denied, a limit because something is allowed.
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

/** The items of a list. A single item can only be removed together with the statement. */
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

/** Generalizes an Allow to everyone or everything. A Deny only becomes narrower if it names less. */
function limitsOf({ Effect, Principal, Resource }: PolicyStatement) {
  if (Effect === 'Deny') return [];
  return [
    ...(Principal === undefined || Principal === '*' ? [] : [{ name: 'for anybody', element: 'Principal', any: '*' }]),
    ...(Resource === undefined || isAnything(Resource) ? [] : [{ name: 'on anything', element: 'Resource', any: '*' }]),
  ];
}

/** Every object or every key is all that an action on objects or keys can apply to. */
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
