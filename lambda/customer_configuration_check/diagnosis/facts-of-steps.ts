import { accountIn } from '../../../core/arn.ts';
import { readError } from '../../../core/aws-words/message.ts';
import type { RequestSummary } from '../../../core/report.ts';
import type { Layer } from '../../../core/vocabulary.ts';
import { allowedFact } from './bearing.ts';
import { deliveryEdges, isSentBefore } from './delivery-edges.ts';
import type { Fact } from './explanation.ts';
import type { DeliveryEdge, DiagnosisCase } from './findings.ts';

/**
 * Facts about one step from the answer of another. If S3 gives no reason but KMS names a resource control policy, that
 * policy may deny S3 too, because it applies to a whole organization.
 */
export function factsOfSteps(input: DiagnosisCase): readonly Fact[] {
  return [...ofKeysPolicies(input), ...ofUpload(input), ...ofAccounts(input)];
}

/**
 * An upload that was started shows that the owner is right, that Block Public Access allows it, and that the role may
 * write. A policy that then denies its parts tests something that part requests don't send.
 */
function ofUpload(input: DiagnosisCase): readonly Fact[] {
  const { steps, delivery, findings } = input;
  const request = steps.find(({ step }) => step === 'copy-to-inbox')?.request;
  if (delivery.kind !== 'multipart' || !isSentBefore({ operation: 'CreateMultipartUpload' }, request)) return [];
  const detail = `CreateMultipartUpload passed and ${request?.operation} did not. It names no encryption${delivery.inbox.acl ? ' and no ACL' : ''}, as only the request that begins an upload can: a policy that demands such a header of each s3:PutObject refuses it.`;
  const of = (layer: Layer, verdict: 'excludes' | 'supports'): Fact => ({
    source: 'service-message',
    detail,
    step: 'copy-to-inbox',
    bearing: { on: { layer, action: 's3:PutObject', role: 'inbox-object' }, verdict },
  });
  const isOurs = findings?.facts.some(
    ({ bearing }) => bearing?.verdict === 'supports' && bearing.on.layer === 'identity-policy',
  );
  return [
    of('bucket-owner', 'excludes'),
    of('block-public-access', 'excludes'),
    of('requester-pays', 'excludes'),
    ...(isOurs ? [] : [of('bucket-policy', 'supports')]),
    ...neededNoMore(input, request).map((edge) => allowedFact(edge, 'service-message', detail)),
  ];
}

/** The permissions that only earlier requests need, such as the one to set an ACL. */
function neededNoMore(input: DiagnosisCase, request: RequestSummary | undefined): readonly DeliveryEdge[] {
  const edges = deliveryEdges(input).filter(({ step }) => step === 'copy-to-inbox');
  const isNeededStill = ({ action, on }: DeliveryEdge) =>
    edges.some((one) => one.action === action && one.on === on && !isSentBefore(one, request));
  return edges.filter((edge) => !isNeededStill(edge));
}

function ofKeysPolicies({ steps, delivery }: DiagnosisCase): readonly Fact[] {
  const named = steps.find(({ error }) => {
    const said = error && readError(error);
    return said?.layer === 'resource-control-policy' && said.action?.startsWith('kms:');
  });
  if (!named || !delivery.inbox.kmsKeyArn.includes(`:${delivery.inbox.accountId}:`)) return [];
  const detail = `KMS names a resource control policy of the organization of account ${delivery.inbox.accountId}, which may be about its buckets too.`;
  const on = { layer: 'resource-control-policy', role: 'inbox-object' } as const;
  return [{ source: 'service-message', detail, bearing: { on, verdict: 'supports' } }];
}

/** A bucket and its key are almost never in different accounts, so different account IDs suggest a typo. */
function ofAccounts({ delivery: { inbox, internal } }: DiagnosisCase): readonly Fact[] {
  const keysAccount = accountIn(inbox.kmsKeyArn);
  // If the key is the service's own, the key is wrong, not the account ID.
  if (keysAccount === undefined || [inbox.accountId, internal.accountId].includes(keysAccount)) return [];
  const detail = `The test event expects the inbox in account ${inbox.accountId}, and names a key of account ${keysAccount} for it.`;
  const on = { layer: 'bucket-owner', role: 'inbox-object' } as const;
  return [{ source: 'policy-analysis', detail, step: 'copy-to-inbox', bearing: { on, verdict: 'supports' } }];
}
