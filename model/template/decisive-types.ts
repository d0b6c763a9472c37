/** Whose properties a delivery meets. */
export const decisiveTypes: ReadonlySet<string> = new Set([
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::KMS::Key',
  'AWS::KMS::ReplicaKey',
]);
