import { ownEntry } from '../values.ts';
import { customTypes } from './custom.ts';
import { iamTypes } from './iam.ts';
import { irrelevantTypes } from './irrelevant.ts';
import { kmsTypes } from './kms.ts';
import { lambdaTypes } from './lambda.ts';
import type { ResourceType } from './resource-type.ts';
import { s3Types } from './s3.ts';

const anything = 'it can do anything to the account, so that the template no longer tells what a check meets';

/** Types that could change what a check meets, and what to do instead. */
const refusedTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudFormation::CustomResource': { relevance: 'refused', why: anything },
  'AWS::CloudFormation::Macro': {
    relevance: 'refused',
    why: 'CloudFormation runs macros; load the processed template',
  },
  'AWS::CloudFormation::Stack': { relevance: 'refused', why: 'load the nested template itself' },
  'AWS::CloudFormation::StackSet': { relevance: 'refused', why: 'load the template of the stack set itself' },
  'AWS::EC2::VPCEndpoint': { relevance: 'refused', why: 'describe its policy as vpcEndpointPolicy in a scenario' },
  'AWS::Organizations::Policy': {
    relevance: 'refused',
    why: 'describe it as serviceControlPolicies or resourceControlPolicies in a scenario',
  },
  'AWS::S3::AccessGrant': { relevance: 'refused', why: 'S3 Access Grants are not modelled' },
  'AWS::S3::MultiRegionAccessPoint': {
    relevance: 'refused',
    why: 'a delivery names the bucket; point the event at it',
  },
};

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  ...customTypes,
  ...iamTypes,
  ...irrelevantTypes,
  ...kmsTypes,
  ...lambdaTypes,
  ...refusedTypes,
  ...s3Types,
};

/** What is known of a type; undefined for a type that nobody has judged yet. */
export function resourceTypeOf(name: string): ResourceType | undefined {
  return (
    ownEntry(resourceTypes, name) ?? (name.startsWith('Custom::') ? { relevance: 'refused', why: anything } : undefined)
  );
}
