import { nameOf } from '../../core/arn.ts';
import type { PolicyKind } from '../../policy/grammar.ts';
import { deliveryIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyStatement } from '../world/world.ts';
import {
  about,
  type EditableDocument,
  type FaultContext,
  type Proposal,
  type ProposedEdit,
  rightValues,
} from './fault-context.ts';
import {
  type Comparison,
  comparisonsOf,
  isHeaderOfWrites,
  isSameKey,
  lackedValues,
  plainOperator,
  titleOf,
  valuesIn,
  withComparison,
} from './statement-parts.ts';

/**
 * The ways to exempt a delivery from a Deny, smallest first: add the one missing value, or exempt the caller. An
 * organization's policy applies to many accounts, so only the caller is exempted there, never an account or a resource,
 * which everyone else could then use.
 */
export function loosenedDenies(place: EditableDocument): readonly Proposal[] {
  const { fault } = place.about;
  const index = fault.statement?.index ?? -1;
  const denying = statementsOf(place.document)[index];
  if (denying?.Effect !== 'Deny') return [];
  const title = titleOf(denying, index);
  const replacing = ({ statement, summary }: Loosened): ProposedEdit => ({
    edit: { kind: 'replace', index, statement },
    summary,
  });
  const exempt = exempting(denying, title, place);
  const corrected = withRightValue(denying, title, place);
  const others = ofOrganizations.has(place.of.kind)
    ? corrected
    : [...corrected, ...sparing(denying, title, place.about)];
  return [...others, ...exempt].map((loosened) => [replacing(loosened)]);
}

const ofOrganizations: ReadonlySet<PolicyKind> = new Set(['service-control-policy', 'resource-control-policy']);

interface Loosened {
  readonly statement: PolicyStatement;
  readonly summary: string;
}

/** A Deny's condition usually exempts requests with certain values; adds the missing one. */
function withRightValue(denying: PolicyStatement, title: string, { about, of }: EditableDocument): readonly Loosened[] {
  return comparisonsOf(denying).flatMap((comparison): readonly Loosened[] => {
    const { operator, key, values } = comparison;
    const right = rightValues(key, about);
    if (plainOperator(operator) === 'Bool') return turnedRound(denying, comparison, right, title);
    if (ofOrganizations.has(of.kind) || !/^(String|Arn)Not/.test(plainOperator(operator))) return [];
    if (isHeaderOfWrites(key) && deliveryIn(about.world, about.event).kind === 'multipart') {
      return [
        {
          statement: withComparison(denying, { operator: 'Null', key, values: ['false'] }),
          summary: `Let ${title} look at ${key} only where a request has it, as the parts of an upload don't.`,
        },
      ];
    }
    return lackedValues(comparison, right).map((more) => ({
      statement: withComparison(denying, { ...comparison, values: [...values, ...more] }),
      summary: `Make ${title} also accept ${key} ${more.join(' and ')}.`,
    }));
  });
}

/** `aws:SecureTransport` is the condition that people most often invert by mistake. */
function turnedRound(
  denying: PolicyStatement,
  { operator, key, values }: Comparison,
  right: readonly string[],
  title: string,
): readonly Loosened[] {
  const [wrong] = right.map((value) => (value === 'true' ? 'false' : 'true'));
  if (wrong === undefined || values.includes(wrong)) return [];
  return [
    {
      statement: withComparison(denying, { operator, key, values: [wrong] }),
      summary: `Let ${title} deny ${key} ${wrong} instead of ${values.join(' and ')}.`,
    },
  ];
}

/** Adds the missing resource to a Deny for all but some resources. */
function sparing(denying: PolicyStatement, title: string, { alike, world, event }: FaultContext): readonly Loosened[] {
  const spared = valuesIn(denying['NotResource']);
  const refused = alike.map((fault) => about({ world, event, fault, faults: [] }));
  // A key policy can only refer to its key as `*`, while a policy of the caller can name it.
  const missing = [...new Set(refused.flatMap(({ ofCaller }) => valuesIn(ofCaller?.['Resource'])))].filter(
    (one) => !spared.includes(one),
  );
  if (spared.length === 0 || missing.length === 0) return [];
  return [
    {
      statement: { ...denying, NotResource: [...spared, ...missing] },
      summary: `Exclude ${missing.join(' and ')} from ${title}.`,
    },
  ];
}

const principalArn = 'aws:PrincipalArn';

/** Operators that exempt principals by ARN. A role's ARN has no wildcards that some of them would interpret. */
const sparingOperator = /^(?:Arn|String)Not(?:Equals|Like)$/;

/** All conditions of a statement must hold, so another condition makes a Deny narrower. */
function exempting(
  denying: PolicyStatement,
  title: string,
  { about: { who }, of }: EditableDocument,
): readonly Loosened[] {
  // The root user has its account's ARN. No one is exempted from TLS.
  if (!who.includes(':role/') || isAboutTls(denying)) return [];
  const spared = comparisonsOf(denying).find(
    ({ operator, key }) => sparingOperator.test(operator) && isSameKey(key, principalArn),
  );
  const operator = spared?.operator ?? 'ArnNotEquals';
  const values = [...(spared?.values ?? []), who];
  const whose = ofOrganizations.has(of.kind)
    ? " The policy administrators in the organization's management account make this change, which applies to every account that the policy is attached to."
    : '';
  return [
    {
      statement: withComparison(denying, { operator, key: spared?.key ?? principalArn, values }),
      summary: `Exempt ${nameOf(who) ?? who} from ${title}.${whose}`,
    },
  ];
}

function isAboutTls(denying: PolicyStatement): boolean {
  return comparisonsOf(denying).some(({ key }) => isSameKey(key, 'aws:SecureTransport'));
}
