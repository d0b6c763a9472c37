import { parseArn, partitionIn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import type { Note } from '../../core/report.ts';
import { firstOf, type GrammarSettings, policyProblems } from '../../policy/grammar.ts';
import { fits } from '../../policy/pattern.ts';
import { valuesIn } from '../remedies/statement-parts.ts';
import type { SourceDocument } from '../text/document.ts';
import type { DocumentPath, PolicyFile } from '../text/policy-file.ts';
import { statementsOf } from '../world/policy-parts.ts';
import { withoutStandIns } from '../world/wanted-texts.ts';
import type { World } from '../world/world.ts';
import type { LocatedPolicy } from './locate.ts';

/** Documents that are not about the bucket and key that reports are delivered to. */
export function contradictions(
  world: World,
  event: TestEvent,
  given: readonly LocatedPolicy[],
  source: SourceDocument | undefined,
): readonly Note[] {
  return [
    ...given.flatMap(({ policy, of }) => {
      if (of.owner === world.inboxBucket)
        return unsavable(policy, { partition: partitionIn(event.inbox.kmsKeyArn), bucket: of.owner });
      if (of.owner === world.inboxKeyArn) return ofKeyPolicy(policy, event.inbox.kmsKeyArn);
      return [];
    }),
    ...ofTemplate(world, event, source),
  ];
}

function unsavable(policy: PolicyFile, settings: GrammarSettings): readonly Note[] {
  const { first } = firstOf(policyProblems(policy.kind, policy.document, settings));
  return first.map(({ at, message }) => noteAt(policy, at, message));
}

/** A key policy's statement that is only about other keys can be saved, but never matches. */
function ofKeyPolicy(policy: PolicyFile, keyArn: string): readonly Note[] {
  const others = statementsOf(policy.document).flatMap(({ Resource: value }, index) => {
    const arns = valuesIn(value);
    if (value === undefined || arns.some((arn) => covers(arn, keyArn))) return [];
    return arns.map((arn, at) =>
      noteAt(
        policy,
        ['Statement', index, 'Resource', ...(Array.isArray(value) ? [at] : [])],
        `This is about the key ${arn}; reports are encrypted with ${keyArn}. In a key policy, "*" is the key itself.`,
      ),
    );
  });
  return [...others, ...ofAdministrators(policy, keyArn), ...unsavable(policy, { partition: partitionIn(keyArn) })];
}

/** Every key policy lets someone in its account administer the key; otherwise KMS would not have saved it. */
function ofAdministrators(policy: PolicyFile, keyArn: string): readonly Note[] {
  const owner = parseArn(keyArn)?.accountId ?? '';
  const administrators = statementsOf(policy.document).flatMap(({ Effect, Action, Principal }, index) => {
    const administers =
      Effect === 'Allow' && valuesIn(Action).some((action) => /^kms:(?:\*|Put\*|PutKeyPolicy)$/i.test(action));
    const accounts = [...JSON.stringify(Principal ?? '').matchAll(/(?<!\d)\d{12}(?!\d)/g)].map(([id]) => id);
    return administers ? [{ index, accounts }] : [];
  });
  const [first] = administrators;
  const isOwners = administrators.some(({ accounts }) => accounts.length === 0 || accounts.includes(owner));
  if (first === undefined || isOwners) return [];
  const detail = `This policy is administered by account ${first.accounts.join(', ')}; the key ${keyArn} belongs to ${owner}. Is it the policy of another key?`;
  return [noteAt(policy, ['Statement', first.index, 'Principal'], detail)];
}

function ofTemplate({ inboxBucket }: World, { inbox }: TestEvent, source: SourceDocument | undefined): readonly Note[] {
  if (!source || inboxBucket === inbox.bucket) return [];
  const detail = `The event delivers to the bucket ${inbox.bucket}; the template makes ${withoutStandIns(inboxBucket)}.`;
  return [{ kind: 'contradiction', detail, file: source.file, line: source.lineOf(['inbox', 'bucket']) }];
}

/** Supports IAM's wildcards. A policy variable matches anything. */
function covers(pattern: string, name: string): boolean {
  return fits(pattern.replace(/\$\{[^}]*\}/g, '*'), name);
}

export function noteAt(
  policy: PolicyFile,
  path: DocumentPath,
  detail: string,
  kind: Note['kind'] = 'contradiction',
): Note {
  return { kind, detail, file: policy.file, ...policy.positionOf(path) };
}
