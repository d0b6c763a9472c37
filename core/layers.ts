/** The facts about a layer. */
interface LayerRow {
  /** Used in the docs, the schema and the reports. */
  readonly words: string;
  /** A policy grants or denies permissions; a setting can deny a request even if all policies allow it. */
  readonly is: 'policy' | 'setting';
  /** The account that has the layer: the caller's or the resource's. */
  readonly of: 'caller' | 'resource';
  /** Set if the layer belongs to one resource, not to its whole account. */
  readonly isOwn?: true;
  /** The type of document whose statements deny, what it is attached to, and where a world stores it. */
  readonly document?: readonly [
    kind: string,
    owner: 'caller' | 'account' | 'resource' | 'vpc-endpoint',
    kept: 'accounts' | 'roles' | 'buckets' | 'keys' | 'session' | 'vpcEndpoint',
    field: string,
  ];
  /** The document's name if the world doesn't name it. */
  readonly documentName?: string;
  /** The person who can change it, or knows if it is intended. */
  readonly keeper?: string;
  /** The start of the request to that person; absent if a remedy changes the document itself. */
  readonly ask?: string;
  /** Text for when this is one of several explanations of a denial that names no layer. */
  readonly mayRefuse?: string;
  /** Fixing it gives no one new access. */
  readonly opensNothing?: true;
}

/**
 * One row for each layer, in the order in which AWS evaluates them. Every other table of layers derives from this one.
 *
 * To add a setting, add its row, what decides it (`model/analysis/`) and its texts (`core/advice/by-layer.ts`). To add
 * a policy, add a row here, one in `core/parts.ts` and one in `policy/policy-kinds.ts`.
 */
export const layers = {
  'service-control-policy': {
    words: "An organization's policy on the principals of an account.",
    is: 'policy',
    of: 'caller',
    document: ['service-control-policy', 'account', 'accounts', 'serviceControlPolicies'],
    keeper: "the administrators of the caller's organization",
    ask: 'Please change the service control policies so that they allow',
    mayRefuse: "A service control policy on the caller's account may deny it.",
  },
  'resource-control-policy': {
    words: "An organization's policy on the resources of an account.",
    is: 'policy',
    of: 'resource',
    document: ['resource-control-policy', 'account', 'accounts', 'resourceControlPolicies'],
    keeper: 'the administrators of the organization that owns the resource',
    ask: 'Please change the resource control policies so that they no longer deny',
    mayRefuse: "A resource control policy on the resource's account may deny it.",
  },
  // In addition to a caller's policy, this is a role that doesn't exist, which no policy can fix.
  'role-trust-policy': {
    words: 'The trust policy of the delivery role.',
    is: 'policy',
    of: 'resource',
    document: ['role-trust-policy', 'resource', 'roles', 'trustPolicy'],
    documentName: 'trust policy',
    keeper: 'the owner of the role',
  },
  'identity-policy': {
    words: "A policy attached to the delivery role (or to the check's own role).",
    is: 'policy',
    of: 'caller',
    document: ['identity-policy', 'caller', 'roles', 'policies'],
    keeper: "the administrators of the caller's role or user",
    mayRefuse: "The caller's own policies may not allow it, or may deny it.",
  },
  'permissions-boundary': {
    words: "The permissions boundary of the delivery role (or of the check's own role).",
    is: 'policy',
    of: 'caller',
    document: ['permissions-boundary', 'caller', 'roles', 'permissionsBoundary'],
    keeper: "the administrators of the role's permissions boundary",
    ask: 'Please change the permissions boundary so that it allows',
    mayRefuse: "The role's permissions boundary may not allow it.",
  },
  'session-policy': {
    words: 'The policy passed when the delivery role was assumed.',
    is: 'policy',
    of: 'caller',
    document: ['session-policy', 'caller', 'session', 'sessionPolicyOverride'],
    documentName: 'session policy',
    keeper: 'the owner of the program that starts the session and passes its policy',
    mayRefuse: 'A session policy may not allow it.',
  },
  'vpc-endpoint-policy': {
    words: 'The policy of the VPC endpoint that the request came through.',
    is: 'policy',
    of: 'caller',
    document: ['vpc-endpoint-policy', 'vpc-endpoint', 'vpcEndpoint', 'policy'],
    documentName: 'VPC endpoint policy',
    keeper: 'the administrators of the VPC endpoint that the request came through',
    ask: 'Please change its policy so that it allows',
    mayRefuse: 'The policy of a VPC endpoint on the way may not allow it.',
  },
  'bucket-policy': {
    words: 'The policy of a bucket.',
    is: 'policy',
    of: 'resource',
    isOwn: true,
    document: ['bucket-policy', 'resource', 'buckets', 'policy'],
    documentName: 'bucket policy',
    keeper: 'the owner of the bucket',
  },
  'block-public-access': {
    words: 'S3 Block Public Access.',
    is: 'policy',
    of: 'resource',
    isOwn: true,
    document: ['bucket-policy', 'resource', 'buckets', 'policy'],
    opensNothing: true,
  },
  'object-ownership': {
    words: "A bucket's Object Ownership setting, which may refuse ACLs.",
    is: 'setting',
    of: 'resource',
    isOwn: true,
    opensNothing: true,
  },
  'requester-pays': {
    words: "A bucket's Requester Pays setting, which refuses other accounts' requests that do not agree to pay.",
    is: 'setting',
    of: 'resource',
    isOwn: true,
    opensNothing: true,
  },
  'key-policy': {
    words: 'The policy of a KMS key.',
    is: 'policy',
    of: 'resource',
    isOwn: true,
    document: ['key-policy', 'resource', 'keys', 'policy'],
    documentName: 'key policy',
    keeper: 'the owner of the key',
  },
  'key-grant': { words: 'A grant on a KMS key.', is: 'policy', of: 'resource', isOwn: true },
  'key-state': {
    words: 'A KMS key that is disabled, pending deletion or import, or of the wrong kind.',
    is: 'setting',
    of: 'resource',
    isOwn: true,
    opensNothing: true,
  },
  'bucket-owner': {
    words: 'The bucket of that name belongs to another account than the event says.',
    is: 'setting',
    of: 'resource',
    isOwn: true,
  },
  'bucket-missing': {
    words: 'No bucket has that name.',
    is: 'setting',
    of: 'resource',
    isOwn: true,
    opensNothing: true,
  },
  'key-missing': { words: 'No such KMS key exists.', is: 'setting', of: 'resource', isOwn: true, opensNothing: true },
  'plain-http': {
    words: 'The request came over plain HTTP, over which S3 uses no KMS key.',
    is: 'setting',
    of: 'caller',
    opensNothing: true,
  },
  region: {
    words: 'A bucket or key is in another Region than the request assumes.',
    is: 'setting',
    of: 'resource',
    isOwn: true,
    opensNothing: true,
  },
} as const satisfies Readonly<Record<string, LayerRow>>;
export type Layer = keyof typeof layers;

/** The row of a layer, including the optional fields. */
export function layerRow(layer: Layer): LayerRow {
  return layers[layer];
}

/** True for a bucket, a key or a Region that is not as required: one fault, whatever was tried. */
export function isSettingLayer(layer: Layer | undefined): boolean {
  return layer !== undefined && layers[layer].is === 'setting';
}

/** True if the layer is in the resource's account, so that the resource's owner changes it. */
export function isOfResource(layer: Layer): boolean {
  return layers[layer].of === 'resource';
}

/** True for policies on the caller. All others belong to the resource's owner. */
export function isPolicyOfCaller(layer: Layer | undefined): boolean {
  return layer !== undefined && layers[layer].is === 'policy' && layers[layer].of === 'caller';
}

/** True for layers that don't exist if the resource doesn't. */
export function isOwnOfResource(layer: Layer): boolean {
  return layerRow(layer).isOwn === true;
}

/** Its position among the layers that decide a request. The layers of one resource are together, at the end. */
export function rankOfLayer(layer: Layer | undefined): number {
  const inOrder = Object.keys(layers).filter((one) => !isOwnOfResource(one as Layer));
  const at = layer === undefined || isSettingLayer(layer) ? -1 : inOrder.indexOf(layer);
  return at === -1 ? inOrder.length : at;
}
