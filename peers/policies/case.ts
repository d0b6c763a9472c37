/** A decision case, as `docs/simulate.md` describes it. */
export interface Case {
  readonly request: {
    readonly principal: string;
    readonly role: string;
    readonly userId: string;
    readonly action: string;
    readonly resource: string;
    readonly resourceAccount: string;
    readonly context: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly policies: CasePolicies;
}

export interface CasePolicies {
  readonly identity: readonly Document[];
  readonly permissionsBoundary?: Document;
  readonly session?: Document;
  readonly serviceControl?: readonly Document[];
  readonly resourceControl?: readonly Document[];
  readonly vpcEndpoint?: Document;
  readonly resource?: Document;
}

export interface Document {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

export type Statement = Readonly<Record<string, unknown>>;

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export function conditionsOf(
  statement: Statement,
): readonly (readonly [operator: string, key: string, values: readonly string[]])[] {
  return Object.entries((statement['Condition'] ?? {}) as Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => [operator, key, [values].flat()] as const),
  );
}

/** Every document of a case with its field. */
export function documentsOf({ policies }: Case): readonly (readonly [field: string, document: Document])[] {
  return Object.entries(policies).flatMap(([field, value]) =>
    ([value].flat() as readonly Document[]).map((document) => [field, document] as const),
  );
}

export function statementsOf(one: Case): readonly Statement[] {
  return documentsOf(one).flatMap(([, { Statement }]) => Statement);
}
