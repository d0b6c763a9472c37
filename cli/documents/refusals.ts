import { type PolicyKind, policyProblems } from '../../model/policies/evaluate.ts';
import { elementRefusals } from './element-refusals.ts';
import type { DocumentPath, PolicyFile, Position } from './policy-file.ts';

/** One reason for which IAM would not save a policy, and where in the file. */
export interface Refusal {
  readonly at: Position;
  readonly message: string;
}

export interface RefusedPart {
  readonly path: DocumentPath;
  readonly message: string;
}

/** Every reason for which IAM, or the service whose policy it is, would not save a document; empty where it would. */
export function refusalsOf(policy: Pick<PolicyFile, 'kind' | 'document' | 'positionOf'>): readonly Refusal[] {
  const { kind, document, positionOf } = policy;
  const shape = shapeRefusals(document);
  const parts =
    shape.length > 0
      ? shape
      : [...syntaxRefusals(kind, document), ...elementRefusals(kind, document), ...sizeRefusals(kind, document)];
  const placed = parts.map(({ path, message }) => ({ at: positionOf(path), message }));
  const distinct = [...new Map(placed.map((one) => [JSON.stringify(one), one])).values()];
  return distinct.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}

/** What makes it no policy document at all, whatever its kind. */
function shapeRefusals(document: unknown): readonly RefusedPart[] {
  const { Statement: statements } = document as { readonly Statement?: unknown };
  if (statements === undefined || statements === null) {
    return [{ path: [], message: 'Statement is missing: a policy has at least one statement.' }];
  }
  const list = Array.isArray(statements) ? statements : [statements];
  if (list.length === 0)
    return [{ path: ['Statement'], message: 'Statement is empty: a policy has at least one statement.' }];
  return [
    ...list.flatMap((statement, index) =>
      typeof statement === 'object' && statement !== null && !Array.isArray(statement)
        ? []
        : [{ path: ['Statement', index], message: 'A statement must be an object.' }],
    ),
    ...nullsIn(document, []),
  ];
}

function nullsIn(value: unknown, path: DocumentPath): readonly RefusedPart[] {
  if (value === null) return [{ path, message: `${path.at(-1)} has no value.` }];
  if (typeof value !== 'object') return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object);
  return entries.flatMap(([key, item]) => nullsIn(item, [...path, key]));
}

function syntaxRefusals(kind: PolicyKind, document: unknown): readonly RefusedPart[] {
  return policyProblems(kind, document).map((problem) => {
    const path = pathOf(problem.path);
    return { path, message: unquoted(path, problem.message) ?? `${problem.message}.` };
  });
}

/** An account id without quotes is a number, in JSON as in YAML. */
function unquoted(path: DocumentPath, message: string): string | undefined {
  const [, type] = /^Found data type (number|boolean) allowed type\(s\) are .*\bstring\b/.exec(message) ?? [];
  const field = path.findLast((one) => typeof one === 'string');
  return type && `${field} is a ${type}, where only text is allowed: put it in double quotes.`;
}

/** `Statement[0].#Actions` is `['Statement', 0, 'Actions']`; the name of a condition's operator has no dots, its key may. */
function pathOf(text: string): DocumentPath {
  return text.split('.').flatMap((part) => {
    const [name = '', ...indexes] = part.replace(/^#/, '').split(/[[\]]+/);
    return [name, ...indexes.filter((index) => index !== '').map(Number)].filter((one) => one !== '');
  });
}

interface Size {
  readonly limit: number;
  readonly unit: 'bytes' | 'characters, white space outside of strings not counted';
  readonly source: string;
}

const quotas = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const organizations = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html';
const characters = 'characters, white space outside of strings not counted';

/** What a document may measure at most. White space that the service would keep is not counted: then it is too long for sure. */
const sizes: Partial<Record<PolicyKind, Size>> = {
  'bucket-policy': {
    limit: 20 * 1024,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
  },
  'key-policy': {
    limit: 32 * 1024,
    unit: 'bytes',
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
  },
  'permissions-boundary': { limit: 6_144, unit: characters, source: quotas },
  'service-control-policy': { limit: 5_120, unit: characters, source: organizations },
  'resource-control-policy': { limit: 5_120, unit: characters, source: organizations },
  'vpc-endpoint-policy': {
    limit: 20_480,
    unit: characters,
    source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html',
  },
};

function sizeRefusals(kind: PolicyKind, document: unknown): readonly RefusedPart[] {
  const size = sizes[kind];
  if (size === undefined) return [];
  const minified = JSON.stringify(document);
  const found = size.unit === 'bytes' ? Buffer.byteLength(minified) : minified.length;
  if (found <= size.limit) return [];
  const message = `The policy is too long: ${found} ${size.unit}, where at most ${size.limit} are allowed (${size.source}).`;
  return [{ path: [], message }];
}
