import { nameOf, parseArn } from '../../../core/arn.ts';
import { operations, permissionEdges } from '../../../core/permissions.ts';

/**
 * Whether a caller is, by its name, the role that delivers reports: of a text nothing else tells. A role of any other
 * name may be anybody's.
 *
 * @param known the delivery role, where the user says it
 */
export function isDeliveryRole(principal: string | undefined, known?: string): boolean {
  const name = nameOf(principal);
  if (name === undefined || !/:(?:assumed-role|role)\//.test(principal ?? '')) return false;
  if (known === undefined) return /deliver|secure-?_?inbox/i.test(name);
  const account = (arn: string) => parseArn(arn)?.accountId;
  return name === nameOf(known) && account(principal ?? '') === account(known);
}

/** Whether a delivery asks for it at all. */
export function isNeeded(action: string | undefined, resource: string | undefined): boolean {
  const edges = permissionEdges.filter((edge) => edge.action.toLowerCase() === action?.toLowerCase());
  if (edges.length === 0) return false;
  // A delivery reads and deletes in the service's own bucket alone.
  const isInternalOnly = edges.every(({ on }) => on === 'internal-object');
  return !isInternalOnly || !/:s3:::(?!.*internal)[^/]*inbox/i.test(resource ?? '');
}

/** What a delivery calls: by its own requests, by those that S3 makes for it, or where an application uploads in parts. */
const calls: ReadonlySet<string> = new Set([
  ...operations,
  'GetObject',
  'HeadObject',
  'UploadPart',
  'GenerateDataKey',
  'Decrypt',
]);

export function isCalled(operation: string): boolean {
  return calls.has(operation);
}
