import { accountArn, nameOf, partitionIn } from '../../core/arn.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyStatement } from '../world/world.ts';
import { type EditableDocument, type Proposal, type ProposedEdit, tightestFor } from './fault-context.ts';
import { freeSid, isForEverybody, titleOf } from './statement-parts.ts';

/**
 * With RestrictPublicBuckets, a public policy only grants access to the bucket's own account and to AWS services. To
 * make the policy non-public, its statements for everyone must name only the caller, or that account.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function publicStatementsNamed(place: EditableDocument): readonly Proposal[] {
  const { who, world } = place.about;
  const { of, document } = place;
  const owner = world.buckets.get(of.owner)?.accountId;
  const ownersRoot = accountArn(partitionIn(who), owner ?? '');
  const open = statementsOf(document)
    .map((statement, index) => ({ statement, index }))
    .filter(({ statement }) => statement.Effect === 'Allow' && isForEverybody(statement));
  const naming = ({ statement, index }: (typeof open)[number], principal: string): ProposedEdit => ({
    edit: { kind: 'replace', index, statement: { ...statement, Principal: { AWS: principal } } },
    summary: `Let ${titleOf(statement, index)} name ${principal === who ? (nameOf(who) ?? who) : `account ${owner}`} instead of everybody.`,
  });
  const principals = [who, ownersRoot];
  const alone = open.flatMap((one) => principals.map((principal) => [naming(one, principal)]));
  const together = open.length < 2 || open.length > mostTogether ? [] : combinations(open, principals);
  const ofOwner = open.map((one) => naming(one, ownersRoot));
  return [
    ...alone,
    ...together.map((choice) => choice.map(([one, principal]) => naming(one, principal))),
    // In case everyone was allowed more than a delivery needs.
    ...addedAllows(place).map((added) => [...ofOwner, ...added]),
  ];
}

/** Limits the number of combinations to try. */
const mostTogether = 4;

function combinations<T>(items: readonly T[], choices: readonly string[]): (readonly [T, string])[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return choices.flatMap((choice) =>
    combinations(rest, choices).map((others) => [[first, choice] as const, ...others]),
  );
}

/** The smallest statements that allow what was denied, in addition to the existing ones. */
export function addedAllows({ about, of, document }: EditableDocument): readonly Proposal[] {
  const tightest = tightestFor(of.kind, about);
  if (!tightest) return [];
  const { Sid = '', ...rest } = tightest;
  const statement: PolicyStatement = {
    Sid: freeSid(document, Sid),
    ...(of.kind === 'vpc-endpoint-policy'
      ? throughEndpoint(rest as PolicyStatement, about.who)
      : (rest as PolicyStatement)),
  };
  const summary = `Allow ${nameOf(about.who) ?? about.who} to perform ${about.fault.action}: add the statement ${statement.Sid}.`;
  return [[{ edit: { kind: 'add', statement }, summary }]];
}

/**
 * An endpoint policy needs a Principal, and a gateway endpoint accepts only `*`.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
function throughEndpoint({ Effect, Condition, ...rest }: PolicyStatement, who: string): PolicyStatement {
  const condition = { ...(Condition as object | undefined), ArnEquals: { 'aws:PrincipalArn': who } };
  return { Effect, Principal: '*', ...rest, Condition: condition };
}
