import { arnOf, bucketArn, viaS3 } from '../../core/arn.ts';
import { ownEntry } from '../../core/values.ts';
import type { TextPart } from '../template/unknown.ts';
import { objectOwnerships } from './world.ts';

/** A text of a resource that contains something unknown. */
export interface TextContext {
  readonly type: string;
  readonly path: readonly string[];
  readonly parts: readonly TextPart[];
}

/** The names of a delivery, as far as they are known. */
export interface WantedNames {
  readonly partition: string;
  readonly serviceAccountId: string;
  readonly customerAccountId: string;
  readonly region: string;
  readonly deliveryRoleArn: string;
  readonly inboxBucket?: string | undefined;
  readonly inboxKeyArn?: string | undefined;
  readonly prefix?: string | undefined;
  readonly serviceOrganizationId?: string | undefined;
}

interface Wanted {
  /** Texts that make a statement apply to a delivery. */
  readonly texts: readonly string[];
  /** The possible values of a property, most usual first. */
  readonly enumerated: readonly string[];
  /** True if any part of the text can be a wildcard. */
  readonly takesWildcards?: true;
}

/** @param path the path of a text within the properties of a bucket, a key or a policy */
export function wantedAt(path: readonly string[], names: WantedNames): Wanted {
  const { partition, serviceAccountId, deliveryRoleArn, inboxBucket, inboxKeyArn, prefix = '' } = names;
  const last = path.at(-1) ?? '';
  const enumerated = ownEntry(enumerations, last) ?? [];
  const condition = path.indexOf('Condition');
  if (condition !== -1) {
    const [operator = '', key = ''] = path.slice(condition + 1);
    const texts = [...ofCondition(key, names), ...ofOperator(operator, key)];
    return { texts, enumerated: [], ...(/like|arn/i.test(operator) && { takesWildcards: true }) };
  }
  if (last === 'Action' || last === 'NotAction') return { texts: [], enumerated: [], takesWildcards: true };
  if (path.includes('Principal') || path.includes('NotPrincipal')) {
    return {
      texts: [
        deliveryRoleArn,
        arnOf({ partition, service: 'iam', accountId: serviceAccountId, resource: 'root' }),
        serviceAccountId,
      ],
      enumerated: [],
    };
  }
  const arn = inboxBucket === undefined ? undefined : bucketArn(partition, inboxBucket);
  if (last === 'Resource' || last === 'NotResource') {
    const ofBucket = arn === undefined ? [] : [`${arn}/*`, `${arn}/${prefix}*`, `${arn}/${prefix}`, arn];
    return { texts: path[0] === 'KeyPolicy' ? [inboxKeyArn ?? []].flat() : ofBucket, enumerated: [] };
  }
  if (last === 'BucketName' || last === 'Bucket') return { texts: [inboxBucket ?? []].flat(), enumerated: [] };
  return { texts: [], enumerated };
}

const yesOrNo = ['true', 'false'];

const enumerations: Readonly<Record<string, readonly string[]>> = {
  AbacStatus: ['Disabled', 'Enabled'],
  AccessControl: ['Private'],
  BlockPublicAcls: yesOrNo,
  BlockPublicPolicy: yesOrNo,
  BucketKeyEnabled: yesOrNo,
  Effect: ['Allow', 'Deny'],
  Enabled: yesOrNo,
  IgnorePublicAcls: yesOrNo,
  KeySpec: ['SYMMETRIC_DEFAULT', 'RSA_2048'],
  MultiRegion: ['false', 'true'],
  ObjectOwnership: objectOwnerships,
  Origin: ['AWS_KMS', 'EXTERNAL'],
  RestrictPublicBuckets: yesOrNo,
  SSEAlgorithm: ['aws:kms', 'AES256'],
  Status: ['Enabled', 'Suspended'],
  Version: ['2012-10-17', '2008-10-17'],
};

function ofCondition(key: string, names: WantedNames): readonly string[] {
  const { partition, inboxBucket, inboxKeyArn, prefix = '', region, deliveryRoleArn, serviceAccountId } = names;
  const arn = inboxBucket === undefined ? [] : [bucketArn(partition, inboxBucket)];
  const known: Readonly<Record<string, readonly (string | undefined)[]>> = {
    'aws:principalaccount': [serviceAccountId],
    'aws:principalarn': [deliveryRoleArn],
    'aws:principalorgid': [names.serviceOrganizationId],
    'aws:principaltype': ['AssumedRole'],
    'aws:requestedregion': [region],
    'aws:resourceaccount': [names.customerAccountId],
    'kms:calleraccount': [serviceAccountId],
    // This key is multivalued, so it is not a policy variable.
    'kms:encryptioncontextkeys': ['aws:s3:arn'],
    'kms:encryptioncontext:aws:s3:arn': arn.flatMap((one) => [one, `${one}/*`, `${one}/${prefix}*`]),
    'kms:encryptionalgorithm': ['SYMMETRIC_DEFAULT'],
    'kms:keyorigin': ['AWS_KMS'],
    'kms:keyspec': ['SYMMETRIC_DEFAULT'],
    'kms:keyusage': ['ENCRYPT_DECRYPT'],
    'kms:viaservice': [viaS3(region)],
    's3:authtype': ['REST-HEADER'],
    's3:resourceaccount': [names.customerAccountId],
    's3:signatureversion': ['AWS4-HMAC-SHA256'],
    's3:x-amz-acl': ['bucket-owner-full-control'],
    's3:x-amz-server-side-encryption': ['aws:kms'],
    's3:x-amz-server-side-encryption-aws-kms-key-id': [inboxKeyArn],
  };
  return (known[key.toLowerCase()] ?? []).flatMap((text) => text ?? []);
}

const operands: readonly (readonly [operators: RegExp, texts: readonly string[]])[] = [
  [/bool|null/i, yesOrNo],
  [/numeric/i, ['0', '9999999999999']],
  [/date/i, ['1970-01-01T00:00:00Z', '9999-01-01T00:00:00Z']],
  [/ipaddress/i, ['0.0.0.0/0', '::/0']],
];

/**
 * Texts that match a request, and texts that don't. A key's policy variable matches any value of the key, unless the
 * policy has an old Version.
 */
function ofOperator(operator: string, key: string): readonly string[] {
  const found = operands.find(([operators]) => operators.test(operator));
  return found ? found[1] : [`\${${key}}`];
}

const account = '999999999990';
const name = 'not-known';
const standIns = new RegExp([name, account, 'o-notknown00'].join('|'), 'g');

/** True if a text contains a placeholder for an unknown value. */
export function isStandIn(text: string): boolean {
  return text.search(standIns) !== -1;
}

/** A text for the user, without placeholders that no one stated. */
export function withoutStandIns(text: string): string {
  return text.replace(standIns, '…');
}

/** A made-up value in the format that its place requires, so that the rest of a policy can be evaluated. */
export function shapeFor(context: TextContext | undefined, key: string, names: WantedNames): string {
  if (context === undefined) return name;
  const { path, parts } = context;
  const at = parts.findIndex((part) => typeof part === 'object' && part.unknown === key);
  const [before, after] = [textOf(parts[at - 1]), textOf(parts[at + 1])];
  const { partition, region } = names;
  const condition = path.indexOf('Condition');
  const conditionKey = condition === -1 ? '' : (path[condition + 2] ?? '');
  if (/:(?:iam|sts|kms:[^:]*)::?$/.test(before) && after.startsWith(':')) return account;
  if (/account$/i.test(conditionKey)) return account;
  if (/orgid$/i.test(conditionKey)) return 'o-notknown00';
  if (/sourceip$/i.test(conditionKey)) return '192.0.2.0/24';
  const isWhole = before === '' && (after === '' || after.startsWith('/'));
  if (/kms-key-id$/i.test(conditionKey))
    return isWhole ? arnOf({ partition, service: 'kms', region, accountId: account, resource: `key/${name}` }) : name;
  if (path.includes('Principal') || path.includes('NotPrincipal') || /principalarn$/i.test(conditionKey)) {
    return isWhole ? arnOf({ partition, service: 'iam', accountId: account, resource: `role/${name}` }) : name;
  }
  const last = path.at(-1) ?? '';
  if (/Resource$/.test(last) && isWhole) return bucketArn(partition, name);
  if (last === 'Action' || last === 'NotAction') return isWhole ? 's3:List*' : name;
  return name;
}

function textOf(part: TextPart | undefined): string {
  return typeof part === 'string' ? part : '';
}
