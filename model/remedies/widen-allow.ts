import { deliveryIn } from '../world/delivery-in.ts';
import { statementsOf } from '../world/policy-parts.ts';
import type { PolicyStatement, World } from '../world/world.ts';
import { type EditableDocument, type Proposal, rightValues, tightestFor } from './fault-context.ts';
import {
  actionMatcher,
  comparisonsOf,
  isHeaderOfWrites,
  isUniqueId,
  lackedValues,
  oneOrList,
  plainOperator,
  principalsOf,
  titleOf,
  valuesIn,
  withComparison,
  withoutComparison,
} from './statement-parts.ts';

/**
 * Statements that almost allow what was denied, each with the one value that it may lack. Statements that already name
 * the caller come first. A statement for someone else is changed only if there is nothing closer.
 */
export function widenedAllows(place: EditableDocument): readonly Proposal[] {
  const { fault, needed } = place.about;
  const nearly = statementsOf(place.document)
    .map((statement, index) => ({ statement, index }))
    // A statement that also has other actions was not written for a delivery.
    .filter(({ statement }) => statement.Effect === 'Allow' && namesOnly(statement, needed))
    .filter(({ statement }) => actionMatcher(statement)(fault.action));
  return [withCorrectedResource, withConditionValue, withoutHeader, withResource, withPrincipal].flatMap((widen) =>
    nearly.flatMap(({ statement, index }) =>
      widen(place, statement, titleOf(statement, index)).map(({ widened, summary }) => [
        { edit: { kind: 'replace' as const, index, statement: widened }, summary },
      ]),
    ),
  );
}

function namesOnly(statement: PolicyStatement, needed: readonly string[]): boolean {
  const actions = valuesIn(statement['Action']);
  return actions.length > 0 && actions.every((action) => needed.includes(action));
}

interface Widened {
  readonly widened: PolicyStatement;
  readonly summary: string;
}

type Widen = (place: EditableDocument, statement: PolicyStatement, title: string) => readonly Widened[];

const withConditionValue: Widen = ({ about }, statement, title) =>
  comparisonsOf(statement).flatMap((comparison): readonly Widened[] => {
    const { operator, key, values } = comparison;
    const right = rightValues(key, about);
    if (plainOperator(operator) === 'Bool') {
      return right
        .filter((value) => !values.includes(value))
        .map((value) => ({
          widened: withComparison(statement, { operator, key, values: [value] }),
          summary: `Let ${title} demand ${key} ${value} instead of ${values.join(' or ')}.`,
        }));
    }
    if (!/^(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like))$/.test(plainOperator(operator))) return [];
    return lackedValues(comparison, right).map((more) => ({
      widened: withComparison(statement, { ...comparison, values: [...values, ...more] }),
      summary: `Let ${title} also take ${key} ${more.join(' and ')}.`,
    }));
  });

/** An Allow that requires a header of each write doesn't allow parts. */
const withoutHeader: Widen = ({ about: { world, event } }, statement, title) =>
  comparisonsOf(statement)
    .filter(({ operator, key }) => /^String(?:Equals|Like)$/.test(operator) && isHeaderOfWrites(key))
    .filter(() => deliveryIn(world, event).kind === 'multipart')
    .map((comparison) => ({
      widened: withComparison(withoutComparison(statement, comparison), {
        ...comparison,
        operator: `${comparison.operator}IfExists`,
      }),
      summary: `Let ${title} look at ${comparison.key} only where a request has it, as the parts of an upload don't.`,
    }));

const withResource: Widen = (place, statement, title) => {
  const { Resource: resource } = statement;
  const right = valuesIn(tightestFor(place.of.kind, place.about)?.['Resource']);
  const missing = right.filter((value) => !valuesIn(resource).includes(value));
  if (resource === undefined || missing.length === 0) return [];
  return [
    {
      widened: { ...statement, Resource: oneOrList([...valuesIn(resource), ...missing]) },
      summary: `Let ${title} also cover ${missing.join(' and ')}.`,
    },
  ];
};

/** `report/*` instead of `reports/*`: no one wants both. */
const withCorrectedResource: Widen = (place, statement, title) => {
  const written = valuesIn(statement['Resource']);
  const right = valuesIn(tightestFor(place.of.kind, place.about)?.['Resource']);
  if (!principalsOf(statement).includes(place.about.who)) return [];
  return written.flatMap((wrong) =>
    right
      .filter((one) => !written.includes(one) && isNearly(wrong, one))
      .map((one) => ({
        widened: { ...statement, Resource: oneOrList(written.map((other) => (other === wrong ? one : other))) },
        summary: `Correct ${wrong} in ${title} to ${one}.`,
      })),
  );
};

/** One letter added, missing or different, or two swapped. A slash or a wildcard is not a letter. */
function isNearly(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [fromA, fromB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const isOneLetter = fromA.length <= 1 && fromB.length <= 1;
  const isSwapped = fromA.length === 2 && fromA === [...fromB].reverse().join('');
  return (isOneLetter || isSwapped) && /^[^*?/]*$/.test(fromA + fromB);
}

const withPrincipal: Widen = ({ about: { who, world } }, statement, title) => {
  const named = principalsOf(statement);
  if (named.length === 0 || named.includes(who)) return [];
  const gone = deletedIn(named, world);
  const names = gone.length > 0 ? named.map((one) => (gone.includes(one) ? who : one)) : [...named, who];
  const instead = gone.length > 0 ? ` instead of ${gone.join(' and ')}, which was deleted` : '';
  return [
    {
      widened: {
        ...statement,
        Principal: { ...(statement['Principal'] as object), AWS: oneOrList([...new Set(names)]) },
      },
      summary: `Let ${title} ${gone.length > 0 ? '' : 'also '}name ${who}${instead}.`,
    },
  ];
};

/**
 * Rewrites statements for deleted principals to the minimum that allows what was denied, because AWS doesn't save a
 * policy that contains them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function revivedAllows(place: EditableDocument): readonly Proposal[] {
  const { about, of, document } = place;
  const tightest = tightestFor(of.kind, about);
  return statementsOf(document).flatMap((statement, index): readonly Proposal[] => {
    const named = principalsOf(statement);
    const isForNobody = named.length > 0 && deletedIn(named, about.world).length === named.length;
    if (!tightest || statement.Effect !== 'Allow' || !isForNobody) return [];
    if (!actionMatcher(statement)(about.fault.action)) return [];
    const { Sid: _, ...rest } = tightest;
    const revived = { ...(statement.Sid !== undefined && { Sid: statement.Sid }), ...rest } as PolicyStatement;
    const summary =
      `Let ${titleOf(statement, index)} allow ${about.who} to ${about.fault.action} instead of ` +
      `${named.join(' and ')}, which was deleted.`;
    return [[{ edit: { kind: 'replace', index, statement: revived }, summary }]];
  });
}

function deletedIn(named: readonly string[], { roles }: World): readonly string[] {
  const ids = new Set([...roles.values()].map(({ roleId }) => roleId));
  return named.filter((one) => isUniqueId(one) && !ids.has(one));
}
