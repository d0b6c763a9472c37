import type { Policy, PolicyDocument } from './world.ts';

const allowsEverything = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

export const everything: Policy = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: [allowsEverything] },
};

/**
 * A policy of a resource that lets in everyone, which is also what AWS gives to a VPC endpoint:
 * https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
export const anybodyAnything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ ...allowsEverything, Principal: '*' }],
};

export const withoutStatements: PolicyDocument = { Version: '2012-10-17', Statement: [] };
