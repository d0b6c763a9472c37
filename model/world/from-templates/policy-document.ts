import { names } from '../../../core/vocabulary.ts';
import type { MapNode, TemplateNode } from '../../template/node.ts';
import {
  entry,
  expectKeys,
  expectMap,
  expectOneOf,
  expectString,
  plain,
  requiredEntry,
} from '../../template/read-value.ts';
import { refuse } from '../../template/template-error.ts';
import type { PolicyDocument, PolicyStatement } from '../world.ts';

/** `identity` policies belong to their principal and can't name one; `resource` policies must. */
type PolicyKind = 'identity' | 'resource';

const statementKeys = names('Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition');

/**
 * A policy document as IAM accepts it. Anything that IAM would reject as malformed is rejected here, with its line.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicyDocument(node: TemplateNode, kind: PolicyKind): PolicyDocument {
  const document = expectMap(node);
  expectKeys(document, ['Version', 'Id', 'Statement']);
  const version = entry(document, 'Version');
  const id = entry(document, 'Id');
  const statements = requiredEntry(document, 'Statement');
  return {
    ...(version && { Version: expectOneOf(version, ['2012-10-17', '2008-10-17']) }),
    ...(id && { Id: expectString(id) }),
    Statement:
      statements.kind === 'list'
        ? statements.items.map((item) => readStatement(expectMap(item), kind))
        : [readStatement(expectMap(statements), kind)],
  };
}

function readStatement(statement: MapNode, kind: PolicyKind): PolicyStatement {
  expectKeys(statement, statementKeys);
  const Effect = expectOneOf(requiredEntry(statement, 'Effect'), ['Allow', 'Deny']);
  exactlyOne(statement, ['Action', 'NotAction']);
  if (kind === 'resource') exactlyOne(statement, ['Principal', 'NotPrincipal']);
  else {
    const principal = statement.entries.get('Principal') ?? statement.entries.get('NotPrincipal');
    if (principal !== undefined) refuse(principal.origin, 'a policy of a role or user cannot name a principal.');
    exactlyOne(statement, ['Resource', 'NotResource']);
  }
  // IAM stores `aws:SecureTransport: false` and a numeric account ID as strings.
  return { ...(plain(statement, expectString) as object), Effect };
}

function exactlyOne(statement: MapNode, keys: readonly [string, string]): void {
  const found = keys.filter((key) => statement.entries.has(key));
  if (found.length !== 1)
    refuse(statement.origin, `a statement must have one of ${keys.join(' and ')}, not ${found.length}.`);
}
