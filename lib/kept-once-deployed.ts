import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * For what holds data under a name of its own: neither an update nor the deletion of the stack deletes it. What a failed
 * first deployment has made goes again, empty as it is, or the second one would find each name taken.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export const keptOnceDeployed = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
