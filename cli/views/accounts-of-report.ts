import { accountIn, parseArn } from '../../core/arn.ts';
import {
  type Action,
  edgesFor,
  type PermissionEdge,
  type ResourceRole,
  resourceRoles,
} from '../../core/permissions.ts';
import type { Report, RequestSummary } from '../../core/report.ts';
import { namesOf, type Side, type Step } from '../../core/vocabulary.ts';

export interface AccountsOfReport {
  readonly ids: Readonly<Record<Side, string | undefined>>;
  /** The name of the role, or of another caller that delivers. */
  readonly deliverer: string | undefined;
  readonly resources: Readonly<Record<ResourceRole, string | undefined>>;
  readonly internalKeySide: Side;
  /** True if staged and delivered reports use the same key, or if the report names neither. */
  readonly oneKey: boolean;
}

export function accountsIn(report: Report): AccountsOfReport {
  const assume = requestOf(report, 'assume-delivery-role');
  const put = requestOf(report, 'put-internal');
  const copy = requestOf(report, 'copy-to-inbox');
  const resourceOf = (role: ResourceRole) => report.permissions?.find(({ on }) => on === role)?.resource;
  const resources = Object.fromEntries(
    namesOf(resourceRoles).map((role) => [role, resourceOf(role)]),
  ) as AccountsOfReport['resources'];
  const service =
    accountIn(report.principal) ??
    accountIn(assume?.roleArn) ??
    put?.expectedBucketOwner ??
    changedBy(report, 'service');
  const customer = copy?.expectedBucketOwner ?? changedBy(report, 'customer');
  const { 'internal-key': internalKey, 'inbox-key': inboxKey } = resources;
  const isOwn = internalKey !== undefined && accountIn(internalKey) === service && internalKey !== inboxKey;
  return {
    ids: { service, customer },
    deliverer: nameOf(report.principal) ?? nameOf(assume?.roleArn),
    resources,
    internalKeySide: isOwn ? 'service' : 'customer',
    oneKey: internalKey === inboxKey,
  };
}

function requestOf(report: Report, step: Step): RequestSummary | undefined {
  return report.steps.find((result) => result.step === step)?.request;
}

/**
 * The permissions of the reported kind of delivery, without duplicates. Those for an ACL only if the report has one.
 */
export function permissionsAsked({ permissions = [] }: Report): readonly PermissionEdge[] {
  const isAsked = (action: Action) => permissions.some((one) => one.action === action);
  const isSame = (a: PermissionEdge, b: PermissionEdge) => a.step === b.step && a.action === b.action && a.on === b.on;
  const acl = isAsked('s3:PutObjectAcl') ? 'any' : undefined;
  const edges = edgesFor(isAsked('s3:AbortMultipartUpload') ? 'multipart' : 'copy', acl);
  return edges.filter((edge, at) => edges.findIndex((other) => isSame(edge, other)) === at);
}

function changedBy({ diagnoses }: Report, side: Side): string | undefined {
  return diagnoses.find(({ denial }) => denial.side === side && denial.accountId)?.denial.accountId;
}

/** A session is named by its role, any other principal by the end of its ARN. */
function nameOf(arn: string | undefined): string | undefined {
  const resource = arn && parseArn(arn)?.resource;
  const [kind, ...path] = resource ? resource.split('/') : [];
  return kind === 'assumed-role' ? path[0] : (path.at(-1) ?? kind);
}
