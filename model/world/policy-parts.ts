import { layers } from '../../core/layers.ts';
import { parts, policyPartNames } from '../../core/parts.ts';
import { inEveryText } from '../../core/texts.ts';
import { type PolicyKind, policyErrors, refusalOf } from '../../policy/grammar.ts';
import { policyKinds } from '../../policy/policy-kinds.ts';
import { ScenarioError } from './scenario-error.ts';
import type { PolicyEdit, PolicyPart, ScenarioFile } from './scenario-schema.ts';
import type { Policy, PolicyDocument, PolicyStatement } from './world.ts';

/** Converts what a scenario says about a policy into the policy: a replacement, or an edit of the existing one. */
export class PolicyParts {
  constructor(
    private readonly file: string | undefined,
    private readonly placeholders: Placeholders,
    private readonly scenario: Pick<ScenarioFile, 'service' | 'customer'>,
  ) {}

  /**
   * Applies a scenario's policies to an account, role, bucket, key or endpoint.
   *
   * @param owner the owner's name in the rows of parts
   * @param arnOf the ARN of a policy that has its own
   */
  applied<T extends object>(
    owner: (typeof parts)[(typeof policyPartNames)[number]]['owner'],
    resource: T,
    arnOf: (kind: PolicyKind, index: number) => string | undefined = () => undefined,
  ): T {
    const changed = { ...resource } as Record<string, unknown>;
    for (const part of policyPartNames.filter((one) => parts[one].owner === owner)) {
      const { kind } = parts[part];
      const [, , kept, field] = layers[kind].document;
      const written = part.split('.').reduce<unknown>((at, name) => (at as typeof changed)?.[name], this.scenario);
      if (kept === 'session' || written === undefined) continue;
      const existing = changed[field];
      const named = (policy: Policy, index: number): Policy => {
        const arn = arnOf(kind, index);
        return arn === undefined ? policy : { ...policy, arn };
      };
      const document = () => this.document(part, kind, written as PolicyPart, existing as PolicyDocument | undefined);
      const forms = {
        list: () => this.list(part, kind, written as readonly PolicyPart[], (existing ?? []) as Policy[]).map(named),
        named: () => named({ name: kind, document: document() }, 0),
        document,
      };
      if (written === null) delete changed[field];
      else changed[field] = forms[policyKinds[kind].given[1]]();
    }
    return changed as T;
  }

  /** The policy at `path` of the scenario; `existing` is the one in the template. */
  document(path: string, kind: PolicyKind, part: PolicyPart, existing: PolicyDocument | undefined): PolicyDocument {
    const filled = this.filled(part);
    const document = isEdit(filled)
      ? this.edited(path, filled, existing ? [existing] : [])[0]
      : (filled as PolicyDocument);
    if (!document)
      throw new ScenarioError(this.file, path, 'there is no policy here to edit: write a whole policy document');
    return this.checked(path, kind, document);
  }

  /** Named policies: a list that replaces the existing ones, or an edit of all of them. */
  private list(
    path: string,
    kind: PolicyKind,
    part: readonly PolicyPart[] | PolicyEdit,
    existing: readonly Policy[],
  ): readonly Policy[] {
    if (!Array.isArray(part)) {
      const edit = this.filled(part as PolicyEdit);
      const documents = this.edited(
        path,
        edit,
        existing.map(({ document }) => document),
      );
      return existing.map((policy, index) => ({
        ...policy,
        document: this.checked(path, kind, documents[index] ?? policy.document),
      }));
    }
    return (part as readonly PolicyPart[]).map((item, index) => ({
      name: existing[index]?.name ?? `${kind}-${index}`,
      document: this.document(`${path}.${index}`, kind, item, existing[index]?.document),
    }));
  }

  filled<T>(value: T): T {
    return fillPlaceholders(value, this.placeholders) as T;
  }

  private edited(path: string, edit: PolicyEdit, documents: readonly PolicyDocument[]): PolicyDocument[] {
    const without = edit.without ?? [];
    const known = documents.flatMap((document) => statementsOf(document).flatMap(({ Sid }) => Sid ?? []));
    const unknown = without.filter((sid) => !known.includes(sid));
    if (unknown.length > 0) {
      throw new ScenarioError(
        this.file,
        `${path}.without`,
        `no statement has the Sid ${unknown.join(', ')}; there are ${known.join(', ') || 'none'}`,
      );
    }
    return documents.map((document, index) => ({
      ...document,
      Statement: [
        ...statementsOf(document).filter(({ Sid }) => Sid === undefined || !without.includes(Sid)),
        ...(index === 0 ? ((edit.with ?? []) as readonly PolicyStatement[]) : []),
      ],
    }));
  }

  private checked(path: string, kind: PolicyKind, document: PolicyDocument): PolicyDocument {
    // If an edit removes all statements, the remaining policy allows nothing.
    if (statementsOf(document).length === 0) return document;
    const [error] = policyErrors(kind, document);
    if (error) throw new ScenarioError(this.file, path, `${refusalOf(kind)}: ${error}`);
    return document;
  }
}

export function statementsOf({ Statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

function isEdit(part: PolicyPart): part is PolicyEdit {
  return !('Statement' in part);
}

/** The values of `${name}` in a scenario's policies and event. Any other `${…}` is an IAM policy variable. */
export interface Placeholders {
  readonly deliveryRoleArn: string;
  readonly checkRoleArn: string;
  readonly internalBucketArn: string;
  readonly serviceKeyArn: string;
  readonly inboxBucketArn: string;
  readonly inboxKeyArn: string;
  readonly serviceAccountId: string;
  readonly customerAccountId: string;
}

/** A copy of `value` with the placeholders filled in in every string, including keys. */
export function fillPlaceholders(value: unknown, placeholders: Placeholders): unknown {
  return inEveryText(value, (text) =>
    text.replace(/\$\{(\w+)\}/g, (variable, name: string) =>
      Object.hasOwn(placeholders, name) ? placeholders[name as keyof Placeholders] : variable,
    ),
  );
}
