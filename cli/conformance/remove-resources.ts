import { namesOf, type Side } from '../../core/vocabulary.ts';
import { type Accounts, Refused } from './account-calls.ts';
import type { OperationName, PlannedCall } from './aws-operations.ts';
import { type Resource, runTag, type StateFile } from './state-file.ts';

export interface RemovedResource {
  readonly resource: Resource;
  /** AWS deletes keys after seven days. */
  readonly outcome: 'removed' | 'scheduled' | 'was-not-there' | 'left';
  readonly why?: string;
}

/** The operations that remove each kind of resource, in order. */
export const removals = {
  role: {
    always: ['GetRole', 'ListRolePolicies', 'DeleteRolePolicy', 'DeleteRole'],
    maybe: ['DeleteRolePermissionsBoundary'],
  },
  policy: { always: ['GetPolicy', 'ListPolicyVersions', 'DeletePolicy'], maybe: ['DeletePolicyVersion'] },
  bucket: {
    always: ['GetBucketTagging', 'DeleteBucketPolicy', 'ListObjectVersions', 'DeleteObjects', 'DeleteBucket'],
    maybe: [],
  },
  key: { always: ['ListResourceTags', 'ScheduleKeyDeletion', 'ListKeys'], maybe: [] },
} as const satisfies Readonly<Record<Resource['kind'], Readonly<Record<'always' | 'maybe', readonly OperationName[]>>>>;

/**
 * Removes everything in the state file that has the run's tag. Resources that can't be removed stay in the file.
 *
 * @throws CredentialsEnded
 */
export async function removeResources(
  state: StateFile,
  accounts: Accounts,
  tell: (done: number, of: number) => void,
): Promise<readonly RemovedResource[]> {
  const order = namesOf(removals);
  const resources = [...state.state.resources].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const removed: RemovedResource[] = [];
  for (const [nth, resource] of resources.entries()) {
    tell(nth, resources.length);
    const outcome = await removeOne(resource, state, accounts);
    if (outcome.outcome !== 'left') state.remove(resource);
    removed.push(outcome);
  }
  const sides = new Set(resources.filter(({ kind }) => kind === 'key').map(({ side }) => side));
  for (const side of sides) {
    await removeStrays(side, state, accounts).catch((error: unknown) => {
      // Without permission to list keys, only those in the file are known.
      if (!(error instanceof Refused)) throw error;
    });
  }
  return removed;
}

async function removeOne(resource: Resource, { state }: StateFile, accounts: Accounts): Promise<RemovedResource> {
  const asks = asksOf(resource.side, state, accounts);
  try {
    return { resource, outcome: await removers[resource.kind](resource, asks) };
  } catch (error) {
    if (error instanceof NotOurs) return { resource, outcome: 'left', why: error.message };
    if (!(error instanceof Refused)) throw error;
    if (isGone(error)) return { resource, outcome: 'was-not-there' };
    return { resource, outcome: 'left', why: `${error.call.operation}: ${error.code}: ${error.text}` };
  }
}

function asksOf(side: Side, { prefix, accounts: owners }: StateFile['state'], accounts: Accounts): Asks {
  return {
    tag: prefix,
    owner: owners[side].accountId,
    send: <T>(operation: OperationName, input: PlannedCall['input'], isNew?: boolean) =>
      accounts.send({ side, operation, input }, isNew) as Promise<T>,
    patience: accounts.patience,
  };
}

interface Asks {
  readonly tag: string;
  readonly owner: string;
  /** @param isNew whether a refusal may come from a deleted policy that still has effect somewhere */
  readonly send: <T = Tagged>(operation: OperationName, input: Record<string, unknown>, isNew?: boolean) => Promise<T>;
  readonly patience: Accounts['patience'];
}

interface Tagged {
  readonly Tags?: unknown;
  readonly TagSet?: unknown;
}

class NotOurs extends Error {}

function isGone(error: unknown): boolean {
  return error instanceof Refused && /^(NoSuchEntity|NoSuchBucket|NotFound|NotFoundException|404)/.test(error.code);
}

/** Refuses to remove an untagged resource, even if it is in the state file. */
function refuseUntagged(tags: unknown, tag: string): void {
  if (!isTagged(tags, tag))
    throw new NotOurs(`It does not have the tag ${runTag}=${tag}, so it is not of this run. It was left alone.`);
}

function isTagged(tags: unknown, tag: string): boolean {
  return (Array.isArray(tags) ? tags : []).some(
    ({ Key, TagKey, Value, TagValue }) => (Key ?? TagKey) === runTag && (Value ?? TagValue) === tag,
  );
}

type Remover = (resource: Resource, asks: Asks) => Promise<RemovedResource['outcome']>;

const removers: Readonly<Record<Resource['kind'], Remover>> = {
  async role({ name: RoleName }, { send, tag }) {
    const { Role } = await send<{ Role?: Tagged & { PermissionsBoundary?: unknown } }>('GetRole', { RoleName });
    refuseUntagged(Role?.Tags, tag);
    if (Role?.PermissionsBoundary) await send('DeleteRolePermissionsBoundary', { RoleName });
    const { PolicyNames = [] } = await send<{ PolicyNames?: readonly string[] }>('ListRolePolicies', { RoleName });
    for (const PolicyName of PolicyNames) await send('DeleteRolePolicy', { RoleName, PolicyName });
    await send('DeleteRole', { RoleName });
    return 'removed';
  },

  async policy({ name: PolicyArn }, { send, tag }) {
    const { Policy } = await send<{ Policy?: Tagged }>('GetPolicy', { PolicyArn });
    refuseUntagged(Policy?.Tags, tag);
    type Version = { readonly VersionId?: string; readonly IsDefaultVersion?: boolean };
    const { Versions = [] } = await send<{ Versions?: readonly Version[] }>('ListPolicyVersions', { PolicyArn });
    for (const { VersionId, IsDefaultVersion } of Versions) {
      if (!IsDefaultVersion) await send('DeletePolicyVersion', { PolicyArn, VersionId });
    }
    await send('DeletePolicy', { PolicyArn });
    return 'removed';
  },

  async bucket({ name: Bucket }, asks) {
    const { send, tag, owner } = asks;
    const of = { Bucket, ExpectedBucketOwner: owner };
    // The bucket's policy may keep everyone from reading the tags.
    const untagged = await send('GetBucketTagging', of).then(
      ({ TagSet }) => refuseUntagged(TagSet, tag),
      (error: unknown) => error,
    );
    if (untagged instanceof Refused && isGone(untagged)) throw untagged;
    // The run was interrupted between creating the bucket and tagging it. It had verified that the name was free.
    const isNew = Bucket.startsWith(tag) && untagged instanceof Refused && untagged.code === 'NoSuchTagSet';
    if (untagged && !isNew) throw untagged;
    await send('DeleteBucketPolicy', of);
    await emptied(of, asks);
    await send('DeleteBucket', of);
    return 'removed';
  },

  async key({ arn }, asks) {
    // If AWS did not answer when the key was created, its ARN is unknown.
    const keys = arn === undefined ? await keysWithTag(asks) : [arn];
    for (const KeyId of keys) await scheduleDeletion(KeyId, asks);
    return keys.length === 0 ? 'was-not-there' : 'scheduled';
  },
};

/** The deleted policy may still deny for a moment. S3 then answers 200, with an error for each object. */
async function emptied(bucket: Record<string, unknown>, { send, patience }: Asks): Promise<void> {
  const { clock, pause, deadlineMs } = patience;
  for (const end = clock() + deadlineMs; ; ) {
    const { Versions = [], DeleteMarkers = [] } = await send<Listing>('ListObjectVersions', bucket, true);
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const deletion = { ...bucket, Delete: { Objects, Quiet: true } };
    const { Errors = [] } = await send<{ Errors?: readonly unknown[] }>('DeleteObjects', deletion, true);
    if (clock() > end) return;
    if (Errors.length > 0) await pause(2_000);
  }
}

async function scheduleDeletion(KeyId: string, { send, tag }: Asks): Promise<void> {
  const { Tags } = await send('ListResourceTags', { KeyId });
  refuseUntagged(Tags, tag);
  await send('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }).catch((error: unknown) => {
    // The last world or an earlier clean-up has already scheduled its deletion.
    if (!(error instanceof Refused && error.code.startsWith('KMSInvalidState'))) throw error;
  });
}

/** If creating a key got no answer and was retried, there may be two keys. */
async function removeStrays(side: Side, { state }: StateFile, accounts: Accounts): Promise<void> {
  const asks = asksOf(side, state, accounts);
  for (const arn of await keysWithTag(asks)) await scheduleDeletion(arn, asks);
}

type Listing = Readonly<Partial<Record<'Versions' | 'DeleteMarkers', readonly { Key?: string; VersionId?: string }[]>>>;

/** Looks through all keys of the account. */
async function keysWithTag({ send, tag }: Asks): Promise<readonly string[]> {
  const found: string[] = [];
  for (let Marker: unknown; ; ) {
    type Page = { readonly Keys?: readonly { KeyArn?: string }[]; readonly NextMarker?: string };
    const page: Page = await send<Page>('ListKeys', { ...(Marker !== undefined && { Marker }) });
    for (const { KeyArn = '' } of page.Keys ?? []) {
      // Other people's keys may deny everyone. They don't have the tag.
      const { Tags } = await send('ListResourceTags', { KeyId: KeyArn }).catch(() => ({ Tags: [] }));
      if (isTagged(Tags, tag)) found.push(KeyArn);
    }
    if (page.NextMarker === undefined) return found;
    Marker = page.NextMarker;
  }
}
