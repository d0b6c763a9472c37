/**
 * The Regions that every account can use without turning them on.
 *
 * Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
export const regionsOnByDefault = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
] as const;
