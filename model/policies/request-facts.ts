/** Facts that a decision may depend on, but that no policy contains. If one is unknown, the user is asked for it. */
export const requestFacts = {
  network: {
    title: 'where requests of the service come from',
    option: '--source-ip ADDRESS, or --vpc-endpoint ID with --vpc ID',
  },
  vpcEndpointId: { title: "the id of the service's VPC endpoint", option: '--vpc-endpoint ID' },
  vpcId: { title: "the service's VPC", option: '--vpc ID' },
  vpcClient: { title: 'the address of the service within its VPC', option: undefined },
  serviceOrganization: { title: 'the organization of the service', option: '--service-organization ID' },
  serviceOrganizationPath: {
    title: 'where in its organization the service is',
    option: '--service-organization-path o-…/r-…/ou-…/',
  },
  customerOrganization: { title: 'the organization of the customer', option: '--customer-organization ID' },
  customerOrganizationPath: {
    title: 'where in its organization the customer is',
    option: '--customer-organization-path o-…/r-…/ou-…/',
  },
  roleId: { title: 'the unique id of the delivery role (aws iam get-role --query Role.RoleId)', option: undefined },
  canonicalUserId: {
    title: "the canonical user ID of the service's account (aws s3api list-buckets --query Owner.ID)",
    option: undefined,
  },
  roleTags: { title: 'the tags of the delivery role (aws iam list-role-tags)', option: undefined },
  keyTags: { title: 'the tags of the key (aws kms list-resource-tags)', option: undefined },
  keyAliases: { title: 'the aliases of the key (aws kms list-aliases --key-id)', option: undefined },
  multiRegionKeyType: {
    title: 'whether the key is a multi-Region primary or replica (aws kms describe-key)',
    option: undefined,
  },
  bucketTags: {
    title: 'the tags of the bucket, and whether it lets policies use them (aws s3api get-bucket-abac)',
    option: undefined,
  },
  blockPublicAccess: {
    title: 'whether Block Public Access restricts public buckets (aws s3api get-public-access-block)',
    option: '--restrict-public-buckets yes|no',
  },
  fullAwsAccess: {
    title: 'whether FullAWSAccess is detached, so that these service control policies have to allow',
    option: '--scp-replaces-full-access',
  },
  client: { title: 'what the client of the service sends', option: undefined },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly option: string | undefined }>>;

export type RequestFact = keyof typeof requestFacts;
