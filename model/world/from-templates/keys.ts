import { accountArn, partitionIn } from '../../../core/arn.ts';
import type { TemplateNode } from '../../template/node.ts';
import { expectBoolean, expectOneOf, expectString, optional, requiredEntry } from '../../template/read-value.ts';
import type { ResolvedResource } from '../../template/resolve-template.ts';
import { keyTypes } from '../../template/resource-types/resource-type.ts';
import { refuse } from '../../template/template-error.ts';
import { isKeySpec } from '../key-spec.ts';
import type { Key, KeyState, PolicyDocument } from '../world.ts';
import { readPolicyDocument } from './policy-document.ts';
import type { StackResources } from './stack-resources.ts';

/**
 * The KMS keys of a stack. An alias for a key in another stack has no effect here, because a delivery names its keys by
 * ARN.
 */
export function readKeys(stack: StackResources): readonly Key[] {
  const aliases = stack.attempt(stack.ofType('AWS::KMS::Alias'), ({ name, properties }) => ({
    name,
    target: expectString(requiredEntry(properties, 'TargetKeyId')),
  }));
  return stack.attempt(keyTypes.flatMap(stack.ofType), (declared) => {
    const resource = stack.readable(declared);
    const { properties, name: keyId } = resource;
    const arn = resource.attribute('Arn');
    const isReplica = resource.type === 'AWS::KMS::ReplicaKey';
    return {
      arn,
      keyId,
      accountId: stack.accountId,
      region: stack.region,
      policy:
        optional(properties, 'KeyPolicy', (node) => readPolicyDocument(node, 'resource')) ??
        defaultKeyPolicy(arn, stack.accountId),
      state: stateOf(resource),
      spec: optional(properties, 'KeySpec', expectKeySpec) ?? 'SYMMETRIC_DEFAULT',
      multiRegion: optional(properties, 'MultiRegion', expectBoolean) ?? isReplica,
      ...(isReplica && { isReplica }),
      grants: [],
      aliases: aliases.filter(({ target }) => target === keyId || target === arn).map(({ name }) => name),
    };
  });
}

function expectKeySpec(node: TemplateNode): string {
  const spec = expectString(node);
  return isKeySpec(spec)
    ? spec
    : refuse(
        node.origin,
        `KMS has no key spec "${spec}". Keys that S3 uses have SYMMETRIC_DEFAULT, as without KeySpec.`,
      );
}

/** A key with imported material can't be used until the material is imported. */
function stateOf({ properties }: ResolvedResource): KeyState {
  const origin = optional(properties, 'Origin', (node) => expectOneOf(node, ['AWS_KMS', 'EXTERNAL']));
  if (origin === 'EXTERNAL') return 'PendingImport';
  return (optional(properties, 'Enabled', expectBoolean) ?? true) ? 'Enabled' : 'Disabled';
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function defaultKeyPolicy(keyArn: string, accountId: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: accountArn(partitionIn(keyArn), accountId) },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
}
