import { ask } from './ask.ts';
import { invalidArgument } from './errors.ts';
import { checkVersionId, newVersionId, readEdge } from './objects.ts';
import type { ObjectOperation } from './operation.ts';
import { checkDeletionHeaders, checkWrite } from './preconditions.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export const deleteObject: ObjectOperation = (world, request, { bucket, key }) => {
  const { headers, query } = request;
  const versionId = query.get('versionId') ?? undefined;
  checkVersionId(versionId);
  checkDeletionHeaders(headers);
  if (headers['x-amz-bypass-governance-retention'] !== undefined) {
    throw invalidArgument(
      'x-amz-bypass-governance-retention',
      'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    );
  }
  const present = bucket.objects.get(key);
  ask(world, request, readEdge('DeleteObject', { bucket, key, versionId }, present));
  checkWrite({ ...(headers['if-match'] && { 'if-match': headers['if-match'] }) }, key, present);
  // Without a version ID, delete the object, as no older versions are kept. With one, delete only that version.
  if (versionId === undefined || versionId === present?.versionId) bucket.objects.delete(key);
  return { status: 204, headers: deletionHeaders(bucket.versioned, versionId), body: '' };
};

function deletionHeaders(versioned: boolean, versionId: string | undefined): Record<string, string> {
  if (versionId !== undefined) return { 'x-amz-version-id': versionId };
  return versioned ? { 'x-amz-version-id': newVersionId(), 'x-amz-delete-marker': 'true' } : {};
}
