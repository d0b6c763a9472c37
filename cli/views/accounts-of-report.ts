import { bucketArn, parseArn, partitionIn } from '../../core/arn.ts';
import { edgesFor, type PermissionEdge, type ResourceRole } from '../../core/permissions.ts';
import type { Report, RequestSummary } from '../../core/report.ts';
import type { Side, Step } from '../../core/vocabulary.ts';

export interface AccountsOfReport {
  readonly ids: Readonly<Record<Side, string | undefined>>;
  /** Name of the role, or of another caller that delivers. */
  readonly deliverer: string | undefined;
  readonly resources: Readonly<Record<ResourceRole, string | undefined>>;
  readonly internalKeySide: Side;
  /** True where what waits and what is delivered lie under the same key, or where the report names neither. */
  readonly oneKey: boolean;
}

export function accountsIn(report: Report): AccountsOfReport {
  const assume = requestOf(report, 'assume-delivery-role');
  const put = requestOf(report, 'put-internal');
  const copy = requestOf(report, 'copy-to-inbox');
  const resources: AccountsOfReport['resources'] = {
    'delivery-role': assume?.roleArn ?? diagnosed(report, 'delivery-role'),
    'internal-object': objectArn(put) ?? sourceArn(copy) ?? diagnosed(report, 'internal-object'),
    'internal-key': put?.kmsKeyArn ?? diagnosed(report, 'internal-key'),
    'inbox-object': objectArn(copy) ?? diagnosed(report, 'inbox-object'),
    'inbox-key': copy?.kmsKeyArn ?? diagnosed(report, 'inbox-key'),
  };
  const service =
    accountOf(report.principal) ??
    accountOf(assume?.roleArn) ??
    put?.expectedBucketOwner ??
    changedBy(report, 'service');
  const customer = copy?.expectedBucketOwner ?? changedBy(report, 'customer');
  const { 'internal-key': internalKey, 'inbox-key': inboxKey } = resources;
  const isOwn = internalKey !== undefined && accountOf(internalKey) === service && internalKey !== inboxKey;
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

/** The permissions that the reported kind of delivery needs, each once; those for an ACL only if the report has one. */
export function permissionsAsked(report: Report): readonly PermissionEdge[] {
  const { permissions = [], diagnoses } = report;
  const copy = requestOf(report, 'copy-to-inbox');
  const isTold = (action: string) =>
    permissions.some((one) => one.action === action) || diagnoses.some(({ denial }) => denial.action === action);
  const isMultipart = isTold('s3:AbortMultipartUpload') || /Multipart|Part/.test(copy?.operation ?? '');
  const acl = copy?.acl ?? (isTold('s3:PutObjectAcl') ? 'told' : undefined);
  const isSame = (a: PermissionEdge, b: PermissionEdge) => a.step === b.step && a.action === b.action && a.on === b.on;
  const edges = edgesFor(isMultipart ? 'multipart' : 'copy', acl);
  return edges.filter((edge, at) => edges.findIndex((other) => isSame(edge, other)) === at);
}

/** What a diagnosis says about a request that was never sent. */
function diagnosed(report: Report, on: ResourceRole): string | undefined {
  const { diagnoses } = report;
  const asked = permissionsAsked(report).filter((edge) => edge.on === on);
  const isAsked = (step: string | undefined, action: string | undefined) =>
    asked.some((edge) => edge.step === step && edge.action === action);
  return diagnoses.find(({ step, denial }) => isAsked(step, denial.action) && denial.resource)?.denial.resource;
}

function objectArn(request: RequestSummary | undefined): string | undefined {
  if (!request?.bucket) return undefined;
  return bucketArn(partitionIn(request.kmsKeyArn), [request.bucket, request.key].filter(Boolean).join('/'));
}

function sourceArn(copy: RequestSummary | undefined): string | undefined {
  return copy?.copySource && bucketArn(partitionIn(copy.kmsKeyArn), copy.copySource);
}

function changedBy({ diagnoses }: Report, side: Side): string | undefined {
  return diagnoses.find(({ denial }) => denial.side === side && denial.accountId)?.denial.accountId;
}

function accountOf(arn: string | undefined): string | undefined {
  return (arn && parseArn(arn)?.accountId) || undefined;
}

/** A session is known by its role, everyone else by the end of the ARN. */
function nameOf(arn: string | undefined): string | undefined {
  const resource = arn && parseArn(arn)?.resource;
  const [kind, ...path] = resource ? resource.split('/') : [];
  return kind === 'assumed-role' ? path[0] : (path.at(-1) ?? kind);
}
