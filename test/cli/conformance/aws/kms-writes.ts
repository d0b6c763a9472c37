import { randomUUID } from 'node:crypto';
import { authorize } from '../../../../model/policies/authorize.ts';
import { denialMessage } from '../../../../model/policies/message.ts';
import type { Grant, Key, KeyState, PolicyDocument, World } from '../../../../model/world/world.ts';
import { jsonResponse } from '../../../../sandbox/wire/json.ts';
import { AwsError, type SandboxRequest, type ServiceOperation } from '../../../../sandbox/wire/operation.ts';
import { type Made, missingPrincipals } from './double.ts';

interface Input {
  readonly KeyId?: string;
  readonly Policy?: string;
  readonly KeySpec?: string;
  readonly Origin?: string;
  readonly GrantId?: string;
  readonly GranteePrincipal?: string;
  readonly Operations?: readonly string[];
  readonly Constraints?: Grant['constraints'];
  readonly Tags?: readonly { readonly TagKey: string; readonly TagValue: string }[];
}

type Work = (world: World, key: Key, input: Input) => Readonly<Record<string, unknown>>;

/** The KMS operations with which the command writes. https://docs.aws.amazon.com/kms/latest/APIReference/ */
export function kmsWrites({ tags, later }: Made): Readonly<Record<string, ServiceOperation>> {
  const edit = (world: World, { arn }: Key, change: (key: Key) => Partial<Key>) =>
    later(() => {
      const key = world.keys.get(arn);
      if (key) world.keys.set(arn, { ...key, ...change(key) });
    });
  // Changes state immediately, because KMS rejects what a key's state doesn't allow.
  const into =
    (state: KeyState, from: readonly KeyState[]): Work =>
    (world, key) => {
      if (!from.includes(key.state)) {
        const text = `${key.arn} is ${key.state === 'PendingDeletion' ? 'pending deletion' : `in state ${key.state}`}.`;
        throw new AwsError('KMSInvalidStateException', 400, text);
      }
      world.keys.set(key.arn, { ...key, state });
      return { KeyId: key.arn };
    };

  const works: Readonly<Record<string, Work>> = {
    PutKeyPolicy(world, key, { Policy = '' }) {
      edit(world, key, () => ({ policy: documentIn(world, Policy) }));
      return {};
    },
    EnableKey: into('Enabled', ['Enabled', 'Disabled']),
    DisableKey: into('Disabled', ['Enabled', 'Disabled']),
    ScheduleKeyDeletion: into('PendingDeletion', ['Enabled', 'Disabled', 'PendingImport']),
    CancelKeyDeletion: into('Disabled', ['PendingDeletion']),
    CreateGrant(world, key, { GranteePrincipal = '', Operations = [], Constraints }) {
      const grantId = randomUUID();
      const grant = {
        grantId,
        granteePrincipal: GranteePrincipal,
        operations: Operations,
        ...(Constraints && { constraints: Constraints }),
      };
      edit(world, key, ({ grants }) => ({ grants: [...grants, grant] }));
      return { GrantId: grantId, GrantToken: 'token' };
    },
    RevokeGrant(world, key, { GrantId }) {
      if (!key.grants.some(({ grantId }) => grantId === GrantId)) {
        throw new AwsError('NotFoundException', 400, `No such grant: ${GrantId}`);
      }
      edit(world, key, ({ grants }) => ({ grants: grants.filter(({ grantId }) => grantId !== GrantId) }));
      return {};
    },
    ListResourceTags(_, key) {
      const Tags = Object.entries(tags.get(key.arn) ?? {}).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
      return { Tags, Truncated: false };
    },
  };

  const onKeys = Object.entries(works).map(([operation, work]) => {
    const run: ServiceOperation = async (world, request) => {
      const input = inputOf(request);
      const key = world.keys.get(input.KeyId ?? '');
      if (!key) throw new AwsError('NotFoundException', 400, `Key '${input.KeyId}' does not exist`);
      allowed(world, request, operation, key);
      return jsonResponse(work(world, key, input));
    };
    return [operation, run] as const;
  });

  return {
    ...Object.fromEntries(onKeys),
    async CreateKey(world, request) {
      allowed(world, request, 'CreateKey');
      const { KeySpec = 'SYMMETRIC_DEFAULT', Origin, Policy = '', Tags = [] } = inputOf(request);
      const { accountId } = request.caller;
      const keyId = randomUUID();
      const arn = `arn:aws:kms:${request.region}:${accountId}:key/${keyId}`;
      world.keys.set(arn, {
        arn,
        keyId,
        accountId,
        region: request.region,
        policy: documentIn(world, Policy),
        state: Origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled',
        spec: KeySpec,
        multiRegion: false,
        grants: [],
        aliases: [],
      });
      tags.set(arn, Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])));
      return jsonResponse({ KeyMetadata: { Arn: arn, KeyId: keyId } });
    },
    async ListKeys(world, request) {
      allowed(world, request, 'ListKeys');
      const own = [...world.keys.values()].filter(({ accountId }) => accountId === request.caller.accountId);
      return jsonResponse({ Keys: own.map(({ arn, keyId }) => ({ KeyArn: arn, KeyId: keyId })), Truncated: false });
    },
  };
}

function documentIn(world: World, text: string): PolicyDocument {
  if (missingPrincipals(world, text).length > 0) {
    throw new AwsError(
      'MalformedPolicyDocumentException',
      400,
      'Policy contains a statement with one or more invalid principals.',
    );
  }
  return JSON.parse(text);
}

function allowed(world: World, { caller, region }: SandboxRequest, operation: string, key?: Key): void {
  const question = {
    caller,
    action: `kms:${operation}`,
    resource: key?.arn ?? '*',
    resourceAccountId: key?.accountId ?? caller.accountId,
    // Operations without a key only depend on identity policies, which a key policy can delegate to its account.
    resourcePolicy: key?.policy ?? accountDecides(caller.accountId),
    context: { 'aws:RequestedRegion': region },
  };
  const decision = authorize(world, question);
  if (!decision.allowed) throw new AwsError('AccessDeniedException', 400, denialMessage(world, question, decision));
}

function accountDecides(accountId: string): PolicyDocument {
  const Principal = { AWS: `arn:aws:iam::${accountId}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] };
}

function inputOf({ body }: SandboxRequest): Input {
  return JSON.parse(body.toString() || '{}');
}
