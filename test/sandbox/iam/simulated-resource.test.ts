import { concreteResource, resourceFormat } from '../../../sandbox/iam/simulation.ts';

/** A simulation with the resource `*` uses one in the role's own account and partition. */
test.each(['aws', 'aws-cn'])('means a resource in the partition %s', (partition) => {
  const role = `arn:${partition}:iam::111111111111:role/deliver`;
  expect(concreteResource('sts:AssumeRole', '*', role)).toMatch(
    new RegExp(`^arn:${partition}:iam::111111111111:role/`),
  );
  expect(concreteResource('kms:Decrypt', '*', role)).toMatch(
    new RegExp(`^arn:${partition}:kms:[^:]+:111111111111:key/`),
  );
  expect(resourceFormat(partition, 's3:PutObject')).toBe(`arn:${partition}:s3:::\${BucketName}/\${KeyName}`);
});

test('is any resource if an action has none', () => {
  expect(concreteResource('s3:ListAllMyBuckets', '*', 'arn:aws:iam::111111111111:role/deliver')).toBe('*');
});
