import { ownEntry } from '../../../core/values.ts';
import { names } from '../../../core/vocabulary.ts';
import { iamTypes } from './iam.ts';
import { irrelevantTypes } from './irrelevant.ts';
import { kmsTypes } from './kms.ts';
import { lambdaTypes } from './lambda.ts';
import type { ResourceType } from './resource-type.ts';
import { s3Types } from './s3.ts';

const anything = 'it can do anything to the account, so that the template no longer tells what a check meets';

/** Types that could affect a check, and what to do instead. */
const refusals: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::CustomResource': anything,
  'AWS::CloudFormation::Macro': 'CloudFormation runs macros; load the processed template',
  'AWS::CloudFormation::Stack': 'load the nested template itself',
  'AWS::CloudFormation::StackSet': 'load the template of the stack set itself',
  'AWS::EC2::VPCEndpoint': 'describe its policy as vpcEndpointPolicy in a scenario',
  'AWS::Organizations::Policy': 'describe it as serviceControlPolicies or resourceControlPolicies in a scenario',
  'AWS::S3::AccessGrant': 'S3 Access Grants are not modeled',
  'AWS::S3::MultiRegionAccessPoint': 'a delivery names the bucket; point the event at it',
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html */
const customTypes: Readonly<Record<string, ResourceType>> = {
  // Requests a check from the service (docs/stack-check.md) and changes nothing. Loading a template sends no request.
  'Custom::SecureInboxCheck': {
    relevance: 'understood',
    attributes: {
      Verdict: () => 'inconclusive',
      Result: () =>
        'inconclusive. It was not checked. The sandbox runs the check on request, not when it loads a stack.',
    },
    modeled: [],
    irrelevant: names('CheckedWith FailOnDenied ServiceTimeout ServiceToken TestEvent'),
  },
};

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  ...customTypes,
  ...iamTypes,
  ...irrelevantTypes,
  ...kmsTypes,
  ...lambdaTypes,
  ...s3Types,
};

export function resourceTypeOf(name: string): ResourceType | undefined {
  const why = ownEntry(refusals, name);
  if (why !== undefined) return { relevance: 'refused', why };
  return (
    ownEntry(resourceTypes, name) ?? (name.startsWith('Custom::') ? { relevance: 'refused', why: anything } : undefined)
  );
}
