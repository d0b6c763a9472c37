import { accountArn, partitionOf } from '../../core/arn.ts';
import type { Grant, Key, World } from '../../model/world/world.ts';
import { JsonInput, jsonResponse } from '../wire/json.ts';
import { AwsError, type SandboxRequest, type SandboxResponse } from '../wire/operation.ts';
import { checkMembers, keyIdMember, keyRequest } from './input.ts';
import { withKey } from './with-key.ts';

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html */
export function listGrants(world: World, request: SandboxRequest): SandboxResponse {
  const input = JsonInput.of(request);
  const limit = input.integer('Limit') ?? 50;
  const grantId = input.string('GrantId');
  const grantee = input.string('GranteePrincipal');
  checkMembers([
    { name: 'limit', value: limit, constraint: { min: 1, max: 1000 } },
    keyIdMember(input),
    { name: 'grantId', value: grantId, constraint: { minLength: 1, maxLength: 128 } },
  ]);
  const start = fromMarker(input.string('Marker'));
  return withKey(world, keyRequest('ListGrants', request, input), (key) => {
    const wanted = key.grants.filter(
      (grant) =>
        (grantId === undefined || grant.grantId === grantId) &&
        (grantee === undefined || grant.granteePrincipal === grantee),
    );
    const end = start + limit;
    const isTruncated = end < wanted.length;
    return jsonResponse({
      Grants: wanted.slice(start, end).map((grant) => described(key, grant)),
      Truncated: isTruncated,
      ...(isTruncated && { NextMarker: Buffer.from(String(end)).toString('base64') }),
    });
  });
}

function described(key: Key, grant: Grant): Readonly<Record<string, unknown>> {
  return {
    KeyId: key.arn,
    GrantId: grant.grantId,
    Name: '',
    GranteePrincipal: grant.granteePrincipal,
    IssuingAccount: accountArn(partitionOf(key.region), key.accountId),
    Operations: grant.operations,
    ...(grant.constraints && { Constraints: grant.constraints }),
  };
}

function fromMarker(marker: string | undefined): number {
  if (marker === undefined) return 0;
  const start = Number(Buffer.from(marker, 'base64').toString());
  if (!Number.isInteger(start) || start < 1) {
    throw new AwsError(
      'InvalidMarkerException',
      400,
      'The marker that specifies where pagination should next begin is not valid.',
    );
  }
  return start;
}
