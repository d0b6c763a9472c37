import { type Accounts, Refused } from './accounts.ts';
import type { Call } from './call.ts';
import type { OperationName } from './operations.ts';
import { labelTag, type Resource, runTag, type StateFile } from './state-file.ts';

/** What became of a resource of the state file. */
export interface Removed {
  readonly resource: Resource;
  /** Keys are deleted by AWS after seven days. */
  readonly outcome: 'removed' | 'scheduled' | 'was-not-there' | 'left';
  /** Why it is still there. */
  readonly why?: string;
}

const order: readonly Resource['kind'][] = ['role', 'policy', 'bucket', 'key'];

/**
 * Removes everything that the state file has, and nothing that does not have the run's tag. What can't be removed stays in
 * the file.
 *
 * @throws CredentialsEnded
 */
export async function cleanUp(
  state: StateFile,
  accounts: Accounts,
  tell: (done: number, of: number) => void,
): Promise<readonly Removed[]> {
  const resources = [...state.state.resources].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const removed: Removed[] = [];
  for (const [nth, resource] of resources.entries()) {
    tell(nth, resources.length);
    const outcome = await removeOne(resource, state, accounts);
    if (outcome.outcome !== 'left') state.remove(resource);
    removed.push(outcome);
  }
  return removed;
}

async function removeOne(resource: Resource, { state }: StateFile, accounts: Accounts): Promise<Removed> {
  const asks: Asks = {
    tag: state.prefix,
    owner: state.accounts[resource.side].accountId,
    send: (operation, input) => accounts.send({ side: resource.side, operation, input } satisfies Call),
  };
  try {
    return { resource, outcome: await removers[resource.kind](resource, asks) };
  } catch (error) {
    if (error instanceof NotOurs) return { resource, outcome: 'left', why: error.message };
    if (!(error instanceof Refused)) throw error;
    if (isGone(error)) return { resource, outcome: 'was-not-there' };
    return { resource, outcome: 'left', why: `${error.call.operation}: ${error.code}: ${error.text}` };
  }
}

interface Asks {
  readonly tag: string;
  readonly owner: string;
  readonly send: (
    operation: OperationName,
    input: Record<string, unknown>,
  ) => Promise<Readonly<Record<string, unknown>>>;
}

class NotOurs extends Error {}

function isGone(error: unknown): boolean {
  return error instanceof Refused && /^(NoSuchEntity|NoSuchBucket|NotFound|NotFoundException|404)/.test(error.code);
}

/** Whatever the state file says. */
function refuseUntagged(tags: unknown, tag: string): void {
  const found = (Array.isArray(tags) ? tags : []).some(
    ({ Key, TagKey, Value, TagValue }) => (Key ?? TagKey) === runTag && (Value ?? TagValue) === tag,
  );
  if (!found)
    throw new NotOurs(`It does not have the tag ${runTag}=${tag}, so it is not of this run. It was left alone.`);
}

type Remover = (resource: Resource, asks: Asks) => Promise<Removed['outcome']>;

const removers: Readonly<Record<Resource['kind'], Remover>> = {
  async role({ name: RoleName }, { send, tag }) {
    const { Role } = (await send('GetRole', { RoleName })) as {
      Role?: { Tags?: unknown; PermissionsBoundary?: unknown };
    };
    refuseUntagged(Role?.Tags, tag);
    if (Role?.PermissionsBoundary) await send('DeleteRolePermissionsBoundary', { RoleName });
    const { PolicyNames = [] } = (await send('ListRolePolicies', { RoleName })) as { PolicyNames?: readonly string[] };
    for (const PolicyName of PolicyNames) await send('DeleteRolePolicy', { RoleName, PolicyName });
    await send('DeleteRole', { RoleName });
    return 'removed';
  },

  async policy({ name: PolicyArn }, { send, tag }) {
    const { Policy } = (await send('GetPolicy', { PolicyArn })) as { Policy?: { Tags?: unknown } };
    refuseUntagged(Policy?.Tags, tag);
    const { Versions = [] } = (await send('ListPolicyVersions', { PolicyArn })) as {
      Versions?: readonly { VersionId?: string; IsDefaultVersion?: boolean }[];
    };
    for (const { VersionId, IsDefaultVersion } of Versions) {
      if (!IsDefaultVersion) await send('DeletePolicyVersion', { PolicyArn, VersionId });
    }
    await send('DeletePolicy', { PolicyArn });
    return 'removed';
  },

  async bucket({ name: Bucket, state }, { send, tag, owner }) {
    const of = { Bucket, ExpectedBucketOwner: owner };
    // Its policy may keep everybody from reading the tags.
    const untagged = await send('GetBucketTagging', of).then(
      ({ TagSet }) => refuseUntagged(TagSet, tag),
      (error: unknown) => error,
    );
    if (untagged instanceof Refused && isGone(untagged)) throw untagged;
    // The run had seen that nothing has the name, and was ended between creating the bucket and tagging it.
    const isNew = state === 'planned' && untagged instanceof Refused && untagged.code === 'NoSuchTagSet';
    if (untagged && !isNew) throw untagged;
    await send('DeleteBucketPolicy', of);
    for (let more = true; more; ) {
      const listed = (await send('ListObjectVersions', of)) as Listing;
      const Objects = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
        Key,
        VersionId,
      }));
      if (Objects.length > 0) await send('DeleteObjects', { ...of, Delete: { Objects, Quiet: true } });
      more = listed.IsTruncated === true;
    }
    await send('DeleteBucket', of);
    return 'removed';
  },

  async key({ name, arn }, asks) {
    const { send, tag } = asks;
    const KeyId = arn ?? (await keyWithTag(name, asks));
    if (KeyId === undefined) return 'was-not-there';
    const { Tags } = await send('ListResourceTags', { KeyId });
    refuseUntagged(Tags, tag);
    await send('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }).catch((error: unknown) => {
      // Its last world has it deleted already.
      if (!(error instanceof Refused && error.code.startsWith('KMSInvalidState'))) throw error;
    });
    return 'scheduled';
  },
};

interface Listing {
  readonly Versions?: readonly { Key?: string; VersionId?: string }[];
  readonly DeleteMarkers?: readonly { Key?: string; VersionId?: string }[];
  readonly IsTruncated?: boolean;
}

/** Of a key whose creation was not answered: all keys of the account are looked through, for the one of this run. */
async function keyWithTag(label: string, { send, tag }: Asks): Promise<string | undefined> {
  for (let Marker: unknown; ; ) {
    const page = (await send('ListKeys', { ...(Marker !== undefined && { Marker }) })) as {
      Keys?: readonly { KeyArn?: string }[];
      NextMarker?: string;
    };
    for (const { KeyArn } of page.Keys ?? []) {
      const tags = await send('ListResourceTags', { KeyId: KeyArn }).catch(() => ({}));
      const found = JSON.stringify((tags as { Tags?: unknown }).Tags ?? []);
      if (found.includes(`"${tag}"`) && found.includes(`"${labelTag}"`) && found.includes(`"${label}"`)) return KeyArn;
    }
    if (page.NextMarker === undefined) return undefined;
    Marker = page.NextMarker;
  }
}
