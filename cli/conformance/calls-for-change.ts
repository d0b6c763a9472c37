import type { Grant, KeyState, PolicyDocument } from '../../model/world/world.ts';
import { type Accounts, Refused } from './account-calls.ts';
import { learned, type OperationName, type PlannedCall } from './aws-operations.ts';
import type { Identities } from './run-names.ts';
import { type Change, type Current, changesTo, idOf, noted, type Setting, type SettingKind } from './world-settings.ts';

type Writer = (change: Change, to: (operation: OperationName, input: object) => PlannedCall) => readonly PlannedCall[];

const json = (document: unknown) => JSON.stringify(document);

const writers: Readonly<Record<SettingKind, Writer>> = {
  'trust-policy': ({ on, to }, call) => [
    call('UpdateAssumeRolePolicy', { RoleName: on.name, PolicyDocument: json(to) }),
  ],
  'inline-policy': ({ on, name, to }, call) =>
    to === undefined
      ? [call('DeleteRolePolicy', { RoleName: on.name, PolicyName: name })]
      : [call('PutRolePolicy', { RoleName: on.name, PolicyName: name, PolicyDocument: json(to) })],
  'permissions-boundary': ({ on, from, to }, call) => {
    if (to === undefined) return [call('DeleteRolePermissionsBoundary', { RoleName: on.name })];
    const { arn, document } = to as { arn: string; document: unknown };
    const attached = call('PutRolePermissionsBoundary', { RoleName: on.name, PermissionsBoundary: arn });
    // A managed policy may have five versions. The run keeps only one.
    const created = call('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: json(document), SetAsDefault: true });
    const version = { as: `version ${arn}`, from: ['PolicyVersion', 'VersionId'] };
    const gone = call('DeletePolicyVersion', { PolicyArn: arn, VersionId: learned(`previous version ${arn}`) });
    return [{ ...created, learn: version }, gone, ...(from === undefined ? [attached] : [])];
  },
  tag: ({ on, name, to }, call) =>
    to === undefined
      ? [call('UntagRole', { RoleName: on.name, TagKeys: [name] })]
      : [call('TagRole', { RoleName: on.name, Tags: [{ Key: name, Value: to }] })],
  'bucket-policy': ({ on, to }, call) =>
    to === undefined
      ? [call('DeleteBucketPolicy', { Bucket: on.name })]
      : [call('PutBucketPolicy', { Bucket: on.name, Policy: json(to) })],
  'public-access-block': ({ on, to }, call) =>
    to === undefined
      ? [call('DeletePublicAccessBlock', { Bucket: on.name })]
      : [call('PutPublicAccessBlock', { Bucket: on.name, PublicAccessBlockConfiguration: to })],
  'object-ownership': ({ on, to }, call) => [
    call('PutBucketOwnershipControls', { Bucket: on.name, OwnershipControls: { Rules: [{ ObjectOwnership: to }] } }),
  ],
  'default-encryption': ({ on, to }, call) => {
    const { sseAlgorithm, kmsKeyArn, bucketKeyEnabled } = to as {
      sseAlgorithm: string;
      kmsKeyArn?: string;
      bucketKeyEnabled: boolean;
    };
    const Default = { SSEAlgorithm: sseAlgorithm, ...(kmsKeyArn !== undefined && { KMSMasterKeyID: kmsKeyArn }) };
    const Rules = [{ ApplyServerSideEncryptionByDefault: Default, BucketKeyEnabled: bucketKeyEnabled }];
    return [call('PutBucketEncryption', { Bucket: on.name, ServerSideEncryptionConfiguration: { Rules } })];
  },
  // Every policy lets the current identity change it again, as the simulation has verified.
  'key-policy': ({ on, to }, call) => [
    call('PutKeyPolicy', {
      KeyId: on.name,
      PolicyName: 'default',
      Policy: json(to),
      BypassPolicyLockoutSafetyCheck: true,
    }),
  ],
  'key-state': ({ on, from = 'Enabled', to = 'Enabled' }, call) => [
    ...(from === 'PendingDeletion' ? [call('CancelKeyDeletion', { KeyId: on.name })] : []),
    ...(operationsTo[to as KeyState]?.(from as KeyState) ?? []).map((operation) =>
      call(operation, { KeyId: on.name, ...(operation === 'ScheduleKeyDeletion' && { PendingWindowInDays: 7 }) }),
    ),
  ],
  grant: (change, call) => {
    const { on, from, to } = change;
    const id = `grant ${idOf(change)}`;
    const revoked = call('RevokeGrant', { KeyId: on.name, GrantId: learned(id) });
    if (to === undefined) return [revoked];
    const { granteePrincipal, operations, constraints } = to as Grant;
    const input = {
      KeyId: on.name,
      GranteePrincipal: granteePrincipal,
      Operations: operations,
      ...(constraints && { Constraints: constraints }),
    };
    return [
      ...(from === undefined ? [] : [revoked]),
      { ...call('CreateGrant', input), learn: { as: id, from: ['GrantId'] } },
    ];
  },
};

/** After its deletion is canceled, a key is disabled. */
const operationsTo: Readonly<Partial<Record<KeyState, (from: KeyState) => readonly OperationName[]>>> = {
  Enabled: () => ['EnableKey'],
  Disabled: (from) => (from === 'Enabled' ? ['DisableKey'] : []),
  PendingDeletion: () => ['ScheduleKeyDeletion'],
};

/**
 * The calls for some changes, in an order that AWS accepts: keys are usable while they are changed, and nothing blocks
 * a public bucket policy while it is saved.
 *
 * @param wanted everything that the world has
 */
function callsFor(
  changes: readonly Change[],
  wanted: readonly Setting[],
  identities: Identities,
): readonly ChangeCall[] {
  const lifted = changes.filter(({ kind, to }) => kind === 'bucket-policy' && to && mayBePublic(to as PolicyDocument));
  const blocks = lifted.flatMap(({ on }): (readonly [number, Change])[] => {
    const block = { on, kind: 'public-access-block' } as const;
    const back = wanted.find((setting) => idOf(setting) === idOf(block))?.value;
    const isWritten = changes.some((change) => idOf(change) === idOf(block));
    return [
      [before, block],
      ...(back === undefined || isWritten ? [] : [[afterwards, { ...block, to: back }] as const]),
    ];
  });
  const phases = [...blocks, ...changes.map((change) => [phaseOf(change), change] as const)];
  return phases.sort(([a], [b]) => a - b).flatMap(([, change]) => callsOf(change, identities));
}

/** A call, and the change that its last call completes. */
interface ChangeCall {
  readonly call: PlannedCall;
  readonly change: Change;
  readonly isLast: boolean;
}

function callsOf(change: Change, identities: Identities): readonly ChangeCall[] {
  const { side, type } = change.on;
  const owner = type === 'bucket' ? { ExpectedBucketOwner: identities[side].accountId } : {};
  const written = writers[change.kind](change, (operation, input) => ({
    side,
    operation,
    input: { ...input, ...owner },
  }));
  return written.map((call, at) => ({ call, change, isLast: at === written.length - 1 }));
}

const [before, meanwhile, afterwards] = [0, 1, 2] as const;

function phaseOf({ kind, to }: Change): number {
  if (kind === 'key-state') return to === 'Enabled' || to === undefined ? before : afterwards;
  return kind === 'public-access-block' && to !== undefined ? afterwards : meanwhile;
}

function mayBePublic({ Statement }: PolicyDocument): boolean {
  return [Statement].flat().some(({ Effect, Principal, NotPrincipal }) => {
    return Effect === 'Allow' && (NotPrincipal !== undefined || /"\*"/.test(JSON.stringify(Principal ?? '')));
  });
}

/** The accounts' current settings, and the calls that change them to the next world. */
export class Placement {
  readonly #current: Current = new Map();

  constructor(readonly identities: Identities) {}

  callsTo(wanted: readonly Setting[]): readonly ChangeCall[] {
    return callsFor(changesTo(wanted, this.#current), wanted, this.identities);
  }

  /** Updates the settings as if the calls had been sent, for a plan. */
  suppose(calls: readonly ChangeCall[]): void {
    for (const { change, isLast } of calls) if (isLast) noted(this.#current, change);
  }

  /**
   * Applies the world to the accounts. After a failure the accounts are between two worlds, and the next world is
   * applied to that state.
   *
   * @throws Refused if AWS rejects one of the documents
   */
  async put(wanted: readonly Setting[], accounts: Accounts, isNew: boolean, alive: () => void): Promise<number> {
    const calls = this.callsTo(wanted);
    for (const { call, change, isLast } of calls) {
      alive();
      try {
        await accounts.send(call, isNew);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const isGoneAlready = change.to === undefined && /^(NoSuch|NotFound)/.test(error.code);
        if (!isGoneAlready) {
          this.#doubt(change);
          throw error;
        }
      }
      if (isLast) noted(this.#current, change);
    }
    return calls.length;
  }

  /** Marks a setting as unknown, so that the next world writes or removes it. */
  #doubt({ from, to, ...setting }: ChangeCall['change']): void {
    if (from !== undefined && to !== undefined) this.#current.set(idOf(setting), { ...setting, value: 'in doubt' });
  }
}
