/** A kind of document: a part of a scenario, a template or a test event. */
export interface Kind {
  readonly title: string;
  /** The file name of a new one. */
  readonly file: string;
  readonly side: 'customer' | 'service';
  /** Whether an account can have more than one. */
  readonly several: boolean;
  /** Shown in an empty editor. */
  readonly hint: string;
}

export const kinds: Readonly<Record<string, Kind>> = {
  'customer.inbox.bucketPolicy': {
    title: 'Bucket policy',
    file: 'bucket-policy.json',
    side: 'customer',
    several: false,
    hint: 'Paste, drop or type the policy of your bucket here.',
  },
  'customer.key.keyPolicy': {
    title: 'Key policy',
    file: 'key-policy.json',
    side: 'customer',
    several: false,
    hint: 'Paste, drop or type the policy of your KMS key here.',
  },
  template: {
    title: 'Template',
    file: 'template.yaml',
    side: 'customer',
    several: true,
    hint: 'Paste or drop your CloudFormation template here, or start from the shipped one.',
  },
  'customer.serviceControlPolicies': {
    title: 'SCP',
    file: 'service-control-policy.json',
    side: 'customer',
    several: true,
    hint: "Paste or drop a service control policy on your account here. It doesn't apply to the service's requests.",
  },
  'customer.resourceControlPolicies': {
    title: 'RCP',
    file: 'resource-control-policy.json',
    side: 'customer',
    several: true,
    hint: 'Paste or drop a resource control policy on your account here.',
  },
  event: {
    title: 'Test event',
    file: 'event.json',
    side: 'service',
    several: false,
    hint: 'The test event: account, bucket, key and prefix.',
  },
  'service.deliveryRole.policies': {
    title: 'Role policy',
    file: 'role-policy.json',
    side: 'service',
    several: true,
    hint: 'A policy of the delivery role.',
  },
  'service.deliveryRole.trustPolicy': {
    title: 'Trust policy',
    file: 'trust-policy.json',
    side: 'service',
    several: false,
    hint: 'Who may assume the delivery role.',
  },
  'service.deliveryRole.permissionsBoundary': {
    title: 'Permissions boundary',
    file: 'permissions-boundary.json',
    side: 'service',
    several: false,
    hint: 'The permissions boundary of the delivery role.',
  },
  'service.deliveryRole.sessionPolicy': {
    title: 'Session policy',
    file: 'session-policy.json',
    side: 'service',
    several: false,
    hint: 'What narrows the sessions of the delivery role.',
  },
  'service.internal.bucketPolicy': {
    title: 'Internal bucket policy',
    file: 'internal-bucket-policy.json',
    side: 'service',
    several: false,
    hint: "The policy of the service's internal bucket.",
  },
  'service.internal.kmsKeyPolicy': {
    title: 'Internal key policy',
    file: 'internal-key-policy.json',
    side: 'service',
    several: false,
    hint: "The policy of the service's own key.",
  },
  'service.serviceControlPolicies': {
    title: "Service's SCP",
    file: 'service-scp.json',
    side: 'service',
    several: true,
    hint: "A service control policy on the service's account.",
  },
  'service.resourceControlPolicies': {
    title: "Service's RCP",
    file: 'service-rcp.json',
    side: 'service',
    several: true,
    hint: "A resource control policy on the service's account.",
  },
  'service.vpcEndpointPolicy': {
    title: 'VPC endpoint policy',
    file: 'vpc-endpoint-policy.json',
    side: 'service',
    several: false,
    hint: "The policy of the service's VPC endpoint for S3.",
  },
};

/** The tabs that are always there. */
export function firstKinds(everything: boolean): readonly string[] {
  const customers = Object.keys(kinds).filter((kind) => kinds[kind]?.side === 'customer');
  return everything ? Object.keys(kinds) : customers;
}

/** An SCP that a customer gives belongs to the customer's account, even if its content fits the service's. */
export function kindFor(recognized: string, everything: boolean): string {
  if (everything || kinds[recognized]?.side !== 'service') return recognized;
  const own = recognized.replace(/^service\./, 'customer.');
  return kinds[own] ? own : recognized;
}

/** The limit of CloudFormation templates. Policies are far smaller: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const longestDocument = 1_048_576;
