import { layerRow, layers } from '../../../core/layers.ts';
import { permissionEdges } from '../../../core/permissions.ts';
import { type Layer, namesOf } from '../../../core/vocabulary.ts';
import type { Alternative } from './rule.ts';

/** All layers that can deny a request besides the blamed one, most common first. */
function whatCanRefuse(...first: readonly Layer[]): readonly Alternative[] {
  const others = namesOf(layers).filter((layer) => !first.includes(layer));
  return [...first, ...others].flatMap((layer) => {
    const { mayRefuse, document: [, , kept] = [] } = layerRow(layer);
    const service = kept === 'buckets' ? 's3' : kept === 'keys' ? 'kms' : undefined;
    return mayRefuse === undefined ? [] : [{ layer, why: mayRefuse, ...(service && { service }) }];
  });
}

const inUsualOrder = whatCanRefuse(
  'identity-policy',
  'service-control-policy',
  'permissions-boundary',
  'session-policy',
  'vpc-endpoint-policy',
);

export function roleAlternatives(why: string, besides: readonly Layer[]): readonly Alternative[] {
  return inUsualOrder
    .filter(({ layer }) => !besides.includes(layer))
    .map((one) => ({ ...one, why: `${one.why} ${why}` }));
}

/** The same for the resource's own policy, whatever the resource. */
export function anyAlternatives(why: string): readonly Alternative[] {
  const ofResources = (
    [
      { service: 's3', layer: 'bucket-policy' },
      { service: 'kms', layer: 'key-policy' },
      { service: 'sts', layer: 'role-trust-policy' },
    ] as const
  ).map((one) => ({ ...one, why: `The policy of the resource may not allow it, or may deny it. ${why}` }));
  return [...ofResources, ...roleAlternatives(why, [])];
}

/**
 * The check's own session belongs to a function, and no one sets a session policy for that. The organization that owns
 * the role may restrict who assumes it.
 */
export const assumeRoleAlternatives: readonly Alternative[] = whatCanRefuse(
  'identity-policy',
  'service-control-policy',
  'permissions-boundary',
  'resource-control-policy',
  'vpc-endpoint-policy',
  'session-policy',
).map((one) => ({ ...one, why: `${one.why} AssumeRole gives no reasons.` }));

/** The permissions on the inbox besides s3:PutObject, each of which a layer may deny separately. */
const furtherEdges = permissionEdges.filter(
  ({ step, on, action }, at, all) =>
    step === 'copy-to-inbox' &&
    on === 'inbox-object' &&
    action !== 's3:PutObject' &&
    all.findIndex((one) => one.action === action) === at,
);

function refusedFurtherEdges(by: readonly { readonly layer: Layer; readonly why: string }[]): readonly Alternative[] {
  return furtherEdges.flatMap(({ action, on, onlyWith }) =>
    by.map(({ layer, why }) => ({
      layer,
      edge: { action, on },
      ...(onlyWith && { onlyWith }),
      why: `The request also needs ${action}. ${why}`.trim(),
    })),
  );
}

export const whatRefusesFurtherEdges = refusedFurtherEdges([
  ...inUsualOrder,
  { layer: 'block-public-access', why: 'RestrictPublicBuckets may deny it.' },
]);

const requesterPays: Alternative = {
  layer: 'requester-pays',
  why: 'A Requester Pays bucket denies other accounts that do not send x-amz-request-payer. Its owner can check with `aws s3api get-bucket-request-payment`.',
};

const usualOfBare: readonly Alternative[] = [
  ...refusedFurtherEdges([{ layer: 'bucket-policy', why: '' }]),
  {
    layer: 'bucket-owner',
    why: 'S3 gives the same answer if the bucket belongs to another account than the test event says. The customer can list its own with `aws s3api list-buckets`.',
  },
  {
    layer: 'identity-policy',
    why: "Across accounts the delivery role's own policies must also allow it, and S3 does not say which side denied it.",
  },
  {
    layer: 'resource-control-policy',
    why: "A resource control policy of the bucket's organization can deny callers from outside, even if the bucket policy allows them. Only its administrators can see it.",
  },
  {
    layer: 'service-control-policy',
    why: "A service control policy on the delivery role's account can deny it. Only the organization's administrators can see it.",
  },
  { layer: 'permissions-boundary', why: "The delivery role's permissions boundary may not include this bucket." },
  { layer: 'session-policy', why: 'The session policy may not include this bucket or prefix.' },
  {
    layer: 'vpc-endpoint-policy',
    why: 'Only if the check runs in a VPC: the policy of its S3 endpoint may not include this bucket. S3 gives no reason for that, even within one organization.',
  },
  {
    layer: 'block-public-access',
    why: 'RestrictPublicBuckets denies callers of other accounts if the bucket policy is public. Its owner can check with `aws s3api get-bucket-policy-status`.',
  },
  requesterPays,
];

export const bareAlternatives: readonly Alternative[] = [
  ...usualOfBare,
  ...whatCanRefuse().filter(({ layer }) => !usualOfBare.some((one) => one.layer === layer)),
  ...whatRefusesFurtherEdges,
  {
    layer: 'bucket-owner',
    edge: { action: 's3:GetObject', on: 'internal-object' },
    why: 'S3 gives the same answer if the source bucket belongs to another account than expected.',
  },
  {
    layer: 'identity-policy',
    edge: { action: 's3:GetObject', on: 'internal-object' },
    why: "The same request reads the source. This is unlikely, because S3 gives reasons for buckets of the caller's own account.",
  },
  {
    layer: 'key-policy',
    edge: { action: 'kms:GenerateDataKey', on: 'inbox-key' },
    why: "Until about 2023, S3 also answered KMS's denials with these two words.",
  },
];

const bucketPolicy: Alternative = { layer: 'bucket-policy', why: "The bucket's policy may deny it." };
const [ownPolicies, ...others] = whatCanRefuse(
  'identity-policy',
  'vpc-endpoint-policy',
  'service-control-policy',
  'permissions-boundary',
  'session-policy',
);
export const ownBucketAlternatives: readonly Alternative[] = [ownPolicies ?? [], bucketPolicy, others].flat();

/** For “Access Denied” alone, without a known request: explanations that apply in either account. */
export const plainAlternatives: readonly Alternative[] = [
  {
    layer: 'bucket-policy',
    why: 'The bucket policy may not allow the caller, or may deny it: the usual cause between two organizations.',
  },
  ...ownBucketAlternatives.filter(({ layer }) => layer !== 'bucket-policy'),
  { layer: 'bucket-owner', why: 'The bucket may belong to another account than the request expects.' },
  {
    layer: 'block-public-access',
    why: 'RestrictPublicBuckets denies callers of other accounts if the bucket policy is public.',
  },
  requesterPays,
];
