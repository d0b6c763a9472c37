import { parts, policyPartNames } from '../../core/parts.ts';
import type { PolicyDocument } from '../../model/world/world.ts';
import { type PolicyKind, policyErrors } from '../../policy/grammar.ts';
import type { Portable } from './portable.ts';
import type { ReadResult } from './reading.ts';

/** What a scenario cannot say about roles, buckets and keys, and policies may ask for. */
const notInScenarios: readonly { readonly asked: RegExp; readonly what: string }[] = [
  { asked: /kms:ResourceAliases/i, what: 'the aliases of keys' },
  { asked: /kms:MultiRegion|kms:KeyOrigin/i, what: 'where a key and its material come from' },
  { asked: /aws:(?:Principal|Resource)OrgPaths/i, what: 'organizational units' },
  { asked: /aws:ResourceTag\/|s3:BucketTag\//i, what: 'the tags of buckets and keys' },
];

const tagsOfPrincipals = /aws:PrincipalTag\//i;

/** Who may read a policy can judge what it means, where a scenario cannot say it. */
function readBy(kind: PolicyKind): string {
  const part = policyPartNames.find((one) => parts[one].kind === kind);
  return part === undefined ? '' : parts[part].readBy;
}

/**
 * A policy with a scenario's placeholders in it, if it means there what it means in AWS.
 *
 * @param callerIsTagged whether the role that delivers has tags, which a scenario cannot say
 */
export function carried(
  kind: PolicyKind,
  document: PolicyDocument,
  portable: Portable,
  callerIsTagged: boolean,
): ReadResult<PolicyDocument> {
  const reason = whyNot(kind, document, portable, callerIsTagged);
  if (reason !== undefined) return { kind: 'unread', needs: readBy(kind), reason };
  return { kind: 'read', value: portable.of(document) };
}

function whyNot(
  kind: PolicyKind,
  document: PolicyDocument,
  portable: Portable,
  callerIsTagged: boolean,
): string | undefined {
  const text = JSON.stringify(document);
  const asked = notInScenarios.find((condition) => condition.asked.test(text));
  if (asked) return `it looks at ${asked.what}, which a scenario does not hold`;
  if (callerIsTagged && tagsOfPrincipals.test(text)) {
    return 'it looks at the tags of the role, which a scenario does not hold';
  }
  const lost = portable.lostMeaning(document);
  if (lost !== undefined) return `${JSON.stringify(lost)} matches by name, and in a scenario the name is another`;
  const [error] = [document.Statement].flat().length === 0 ? [] : policyErrors(kind, document, { anyNames: true });
  return error;
}
