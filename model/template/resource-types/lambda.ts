import { names } from '../../../core/vocabulary.ts';
import { type ResourceType, regionalArn } from './resource-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html */
export const lambdaTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Function': {
    relevance: 'understood',
    nameProperty: 'FunctionName',
    attributes: { Arn: regionalArn('lambda', 'function:') },
    modeled: names('Environment FunctionName MemorySize Role Timeout'),
    irrelevant: names(`
      Architectures CapacityProviderConfig Code CodeSigningConfigArn DeadLetterConfig Description DurableConfig
      EphemeralStorage FileSystemConfigs FunctionScalingConfig Handler ImageConfig KmsKeyArn Layers
      LoggingConfig PackageType PublishToLatestPublished RecursiveLoop ReservedConcurrentExecutions Runtime
      RuntimeManagementConfig SnapStart Tags TenancyConfig TracingConfig
    `),
    refused: {
      VpcConfig: "what its VPC's endpoints allow is not in a template; describe it as vpcEndpointPolicy in a scenario",
    },
  },
  'AWS::Lambda::Alias': { relevance: 'irrelevant', ref: qualifiedArn('Name') },
  'AWS::Lambda::EventInvokeConfig': { relevance: 'irrelevant' },
  'AWS::Lambda::EventSourceMapping': { relevance: 'irrelevant' },
  'AWS::Lambda::LayerVersion': {
    relevance: 'irrelevant',
    nameProperty: 'LayerName',
    ref: (layer) => `${regionalArn('lambda', 'layer:')(layer)}:1`,
  },
  'AWS::Lambda::Permission': { relevance: 'irrelevant' },
  'AWS::Lambda::Url': { relevance: 'irrelevant' },
  'AWS::Lambda::Version': { relevance: 'irrelevant', ref: qualifiedArn(), attributes: { Version: () => '1' } },
};

/** A function's ARN followed by a version or alias. The property FunctionName contains a name or an ARN. */
function qualifiedArn(qualifierProperty?: string) {
  return (resource: Parameters<ReturnType<typeof regionalArn>>[0]): string => {
    const nameOrArn = resource.property('FunctionName') ?? resource.name;
    const arn = nameOrArn.startsWith('arn:')
      ? nameOrArn
      : regionalArn('lambda', 'function:')({ ...resource, name: nameOrArn });
    return `${arn}:${qualifierProperty === undefined ? '1' : (resource.property(qualifierProperty) ?? '')}`;
  };
}
