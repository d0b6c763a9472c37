import { conditions } from '../../core/aws-words/conditions.ts';
import type { Bucket } from '../../model/world/world.ts';
import { type SandboxRequest, saidBy } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import { invalidArgument, invalidRequest } from './errors.ts';

type Headers = SandboxRequest['headers'];

const cannedAcls: readonly string[] = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
];

const publicAcls: readonly string[] = ['public-read', 'public-read-write', 'authenticated-read'];

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee */
const groups = 'http://acs.amazonaws.com/groups/';
const knownGroups: readonly string[] = [
  `${groups}global/AllUsers`,
  `${groups}global/AuthenticatedUsers`,
  `${groups}s3/LogDelivery`,
];
const publicGroups = knownGroups.slice(0, 2);

interface Grantee {
  readonly type: string;
  readonly value: string;
}

/** The ACL in the request; undefined if it has none. */
export interface RequestedAcl {
  readonly isPublic: boolean;
}

/** Rejects an ACL that is malformed, or any ACL if the bucket has ACLs disabled. */
export function requestedAcl(headers: Headers, bucket: Bucket): RequestedAcl | undefined {
  const canned = headers['x-amz-acl'];
  const grants = Object.keys(headers).filter((name) => name.startsWith('x-amz-grant-'));
  if (canned === undefined && grants.length === 0) return undefined;
  if (canned !== undefined && grants.length > 0) {
    throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed');
  }
  // S3 gives no message for this error.
  if (canned !== undefined && !cannedAcls.includes(canned)) throw invalidArgument('x-amz-acl', '', canned);
  const grantees = grants.flatMap((name) => granteesOf(name, headers[name] ?? ''));
  if (bucket.objectOwnership === 'BucketOwnerEnforced' && canned !== 'bucket-owner-full-control') {
    throw saidBy(conditions.noAcls.says);
  }
  const isPublic =
    publicAcls.includes(canned ?? '') ||
    grantees.some(({ type, value }) => type === 'uri' && publicGroups.includes(value));
  return { isPublic };
}

/** `id="…", uri="…"` */
function granteesOf(header: string, value: string): Grantee[] {
  return value.split(',').map((part) => {
    const [, type = '', grantee = ''] = part.trim().match(/^(\w+)\s*=\s*"?([^"]*)"?$/) ?? [];
    if (type === 'emailAddress') throw notImplemented('grants to e-mail addresses');
    if (type === 'uri' && !knownGroups.includes(grantee)) throw invalidArgument('uri', 'Invalid group uri', grantee);
    if (type === 'id' && !/^[0-9a-f]{64}$/.test(grantee)) throw invalidArgument('id', 'Invalid id', grantee);
    if (type !== 'uri' && type !== 'id') throw invalidArgument(header, 'Argument format not recognized', value);
    return { type, value: grantee };
  });
}
