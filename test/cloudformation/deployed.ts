import { join } from 'node:path';
import { entry, expectMap, plain } from '../../model/template/read-value.ts';
import { resolveTemplate } from '../../model/template/resolve-template.ts';
import type { PolicyStatement } from '../../model/world/world.ts';
import { readTemplateFile } from '../../sandbox/scenario-files.ts';
import { here } from '../here.ts';

export const templateFile = join(import.meta.dirname, '../../cloudformation/secure-inbox.yaml');

const template = readTemplateFile(templateFile);

/** The service's values for a customer who deploys the template. */
export const given = {
  CustomerName: 'acme',
  DeliveryRoleArn: here('arn:aws:iam::111111111111:role/secure-inbox-delivery'),
  SenderInternalBucketName: here('secure-inbox-internal-111111111111-us-east-1'),
  // An empty prefix means the whole bucket.
  Prefix: '',
};

export const newKeyArn = here('arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002');
export const existingKeyArn = here('arn:aws:kms:us-east-1:222222222222:key/0a1b2c3d-0000-4000-8000-000000000003');
export const senderKeyArn = here('arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001');

export const furtherRoleArn = here('arn:aws:iam::111111111111:role/secure-inbox-delivery-eu');
export const readerArn = here('arn:aws:iam::222222222222:role/auditor');
export const checkTopicArn = here('arn:aws:sns:us-east-1:111111111111:secure-inbox-check-222222222222');
export const existingBucket = { BucketOrigin: 'existing', BucketName: 'acme-inbox' };

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** The properties with functions resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Stack {
  readonly resources: readonly Resource[];
  readonly types: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  properties(type: string): Readonly<Record<string, unknown>>;
  statements(type: 'AWS::KMS::Key' | 'AWS::S3::BucketPolicy'): readonly PolicyStatement[];
}

/** The customer's stack in account 222222222222, as the sandbox deploys it. */
export function deployed(parameters: Readonly<Record<string, string>> = {}): Stack {
  const resolved = resolveTemplate(template, {
    accountId: '222222222222',
    region: here('us-east-1'),
    stackName: 'secure-inbox',
    parameters: { ...given, ...parameters },
    names: { keyId: () => '00000000-0000-4000-8000-000000000002' },
    everyProperty: true,
  });
  const resources = resolved.resources.map(({ logicalId, type, properties }) => ({
    logicalId,
    type,
    properties: plain(properties) as Readonly<Record<string, unknown>>,
  }));
  const properties = (type: string) => {
    const resource = resources.find((each) => each.type === type);
    if (resource === undefined) throw new Error(`The stack makes no ${type}.`);
    return resource.properties;
  };
  return {
    resources,
    types: resources.map((resource) => resource.type),
    outputs: resolved.outputs,
    properties,
    statements(type) {
      const document = properties(type)[type === 'AWS::KMS::Key' ? 'KeyPolicy' : 'PolicyDocument'];
      return (document as { readonly Statement: readonly PolicyStatement[] }).Statement;
    },
  };
}

/** A section of the template as written, with functions as maps with one key. */
export function section(name: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const node = entry(template, name);
  if (node === undefined) throw new Error(`The template has no section ${name}.`);
  return plain(expectMap(node)) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
