import type { Acknowledgment } from 'aws-cdk-lib';

/** For cdk-nag's rule on server access logs. https://github.com/cdklabs/cdk-nag/blob/main/RULES.md */
export const withoutServerAccessLogs: Acknowledgment = {
  id: 'AwsSolutions-S1',
  reason:
    'Access logs come late and incomplete, and need one more bucket. Whoever has to record each access turns on ' +
    "CloudTrail's data events for this bucket, which are complete and can be kept in another account.",
};
