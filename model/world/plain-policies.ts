import type { Policy, PolicyDocument } from './world.ts';

const allowsEverything = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

export const everything: Policy = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: [allowsEverything] },
};

/**
 * A resource's policy that allows everyone everything. AWS also gives it to a VPC endpoint by default:
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export const anybodyAnything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ ...allowsEverything, Principal: '*' }],
};

export const withoutStatements: PolicyDocument = { Version: '2012-10-17', Statement: [] };
