import type * as z from 'zod';
import { accountIn, nameOf } from '../../core/arn.ts';
import { valueAt } from '../../core/json.ts';
import { type LeafIssue, leafIssues } from '../../model/text/zod-issues.ts';
import { policyProblems } from '../../policy/grammar.ts';
import { type PolicyKind, policyKinds } from '../../policy/policy-kinds.ts';
import type { CasePolicy, DecisionCase } from './decision-case.ts';

export interface CaseProblem {
  /** A path such as `policies.identity[0].Statement[0].Effect`; empty for the case itself. */
  readonly path: string;
  readonly message: string;
}

export function caseProblemsOf(error: z.ZodError, value: unknown): readonly CaseProblem[] {
  const found = error.issues
    .flatMap((issue) => leafIssues(issue))
    .map((leaf) => ({ path: pathText(leaf.path), message: messageOf(leaf, value) }));
  return [...new Map(found.map((problem) => [problem.path, problem])).values()];
}

function messageOf({ path, issue, isUnknownField }: LeafIssue, value: unknown): string {
  const found = valueAt(value, path);
  if (isUnknownField) return `is ${shown(found)}: ${issue.message}`;
  return found === undefined ? 'is missing' : `is ${shown(found)}: allowed is ${allowed(issue)}`;
}

function allowed(issue: LeafIssue['issue']): string {
  if (issue.code === 'invalid_value') return issue.values.map((one) => JSON.stringify(one)).join(' or ');
  if (issue.code === 'invalid_type') return issue.expected === 'record' ? 'an object' : `of the type ${issue.expected}`;
  if (issue.code === 'too_small') return 'a text that is not empty';
  return issue.message;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export function caseContradictions({ request }: DecisionCase): readonly CaseProblem[] {
  const { principal, role, context = {}, unknown = [] } = request;
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const isOfRole =
    role === undefined ||
    !/:(?:assumed-role|role)\//.test(principal) ||
    (nameOf(role) === nameOf(principal) && accountIn(role) === accountIn(principal));
  return [
    ...(isOfRole
      ? []
      : [{ path: 'request.role', message: `is ${role}, and request.principal is of the role ${nameOf(principal)}` }]),
    ...unknown.flatMap((key, at) =>
      given.has(key.toLowerCase())
        ? [
            {
              path: `request.unknown[${at}]`,
              message: `is ${key}, which request.context has: a key is known or unknown`,
            },
          ]
        : [],
    ),
  ];
}

/** The reason why a service would not save a policy of a case, so that its situation can't exist. */
export function savingProblems({ policies, request }: DecisionCase): readonly CaseProblem[] {
  const problems = (Object.keys(policyKinds) as PolicyKind[]).flatMap((kind) => {
    const [name, form] = policyKinds[kind].given;
    const policy = policies[name] as readonly CasePolicy[] | CasePolicy | undefined;
    if (policy === undefined || (name === 'resource' && kind !== kindOf(request.action))) return [];
    const path = `policies.${name}`;
    return form === 'list'
      ? (policy as readonly CasePolicy[]).flatMap((one, at) => savingProblem(`${path}[${at}]`, kind, one))
      : savingProblem(path, kind, policy as CasePolicy);
  });
  // The actions that a policy type allows don't matter here.
  return problems.filter(({ path }) => !isAboutActions(path));
}

function kindOf(action: string): PolicyKind {
  if (/^kms:/i.test(action)) return 'key-policy';
  return /^sts:/i.test(action) ? 'role-trust-policy' : 'bucket-policy';
}

function isAboutActions(path: string): boolean {
  return /\.(?:Not)?Action(?:\[\d+\])?$/.test(path);
}

function savingProblem(path: string, kind: PolicyKind, policy: CasePolicy): readonly CaseProblem[] {
  const document = 'document' in policy ? policy.document : policy;
  const inside = 'document' in policy ? `${path}.document` : path;
  return policyProblems(kind, document).map((problem) => ({
    path: problem.path === '' ? inside : `${inside}.${problem.path.replace('#', '')}`,
    message: problem.message.replace(/\.$/, ''),
  }));
}
