import { nameOf } from '../../core/arn.ts';
import type { PolicyStatement } from '../world/world.ts';
import { tightestFor } from './about.ts';
import type { EditableDocument, Proposal } from './proposal.ts';
import { freeSid } from './statement-parts.ts';

/** The least that allows what was refused, beside what is there. */
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
 * An endpoint policy has a Principal, which a gateway endpoint takes only as `*`.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
function throughEndpoint({ Effect, Condition, ...rest }: PolicyStatement, who: string): PolicyStatement {
  const condition = { ...(Condition as object | undefined), ArnEquals: { 'aws:PrincipalArn': who } };
  return { Effect, Principal: '*', ...rest, Condition: condition };
}
