import { accountArn, partitionIn, roleArn } from '../../core/arn.ts';
import type { Caller, PolicyDocument, PolicyStatement, World } from '../world/world.ts';

/**
 * A resource's policy with its principals put as AWS understands them, where that is not what the evaluator makes of
 * them.
 */
export function asAwsReadsPrincipals(world: World, caller: Caller, document: PolicyDocument): PolicyDocument {
  const text = JSON.stringify(document);
  if (!uniqueId.test(text) && !text.includes('"NotPrincipal"')) return document;
  const resolved: PolicyDocument = JSON.parse(withUniqueIdsResolved(world, text));
  return {
    ...resolved,
    Statement: [resolved.Statement].flat().map((statement) => withNotPrincipal(caller, statement)),
  };
}

/**
 * A policy remembers a role by its unique id: while the role exists, the id stands for its ARN, and once the role has
 * been deleted the bare id is left, which no later role of that name matches.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function withUniqueIdsResolved(world: World, text: string): string {
  const known = new Map([...world.roles.values()].map(({ roleId, arn }) => [roleId, arn]));
  const partition = partitionIn(world.deliveryRoleArn);
  return text.replaceAll(
    new RegExp(uniqueId, 'g'),
    (_, id: string) => `"${known.get(id) ?? deletedPrincipal(partition, id)}"`,
  );
}

const uniqueId = /"(A(?:ROA|IDA)[A-Z0-9]{5,})"/;

/** An ARN that is well formed and that no principal has. */
function deletedPrincipal(partition: string, id: string): string {
  return roleArn(partition, '000000000000', `deleted/${id}`);
}

/**
 * A Deny spares the session of a role only where its NotPrincipal lists the session, the role and their account; with
 * any of them missing, it denies the session.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function withNotPrincipal(caller: Caller, statement: PolicyStatement): PolicyStatement {
  const { NotPrincipal: spared, ...rest } = statement;
  if (statement.Effect !== 'Deny' || spared === undefined || caller.roleArn === undefined) return statement;
  const listed = typeof spared === 'object' && spared !== null ? Object.values(spared).flat() : [spared];
  const account = [accountArn(partitionIn(caller.arn), caller.accountId), caller.accountId];
  const isSpared =
    listed.includes(caller.arn) && listed.includes(caller.roleArn) && account.some((one) => listed.includes(one));
  return isSpared ? statement : { ...rest, Effect: 'Deny', Principal: '*' };
}
