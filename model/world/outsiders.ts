import { names } from '../../core/vocabulary.ts';
import { plain } from '../template/read-value.ts';
import type { ResolvedTemplate } from '../template/resolve-template.ts';
import type { SetAside } from '../template/resources.ts';
import { fileName } from '../text/policy-file.ts';
import type { UnknownPart } from './scenario-schema.ts';
import type { Bucket } from './world.ts';

type Open = Pick<ResolvedTemplate, 'resources' | 'setAside'>;

/**
 * Resources whose effect no template shows: code of a custom resource or of a third-party type, a module, a nested
 * stack. If one refers to the inbox or its key, it may write the policy.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
const runsOther = /^Custom::|^AWS::CloudFormation::(?:CustomResource|Stack)$|::MODULE$|^(?!AWS::|Alexa::)/;

/** Custom resources of the CDK that don't change policies. */
const harmless: ReadonlySet<string> = new Set(
  names(`
    Custom::CDKBucketDeployment Custom::CDKECRDeployment Custom::CrossRegionExportReader
    Custom::CrossRegionExportWriter Custom::ECRAutoDeleteImages Custom::LogRetention Custom::S3AutoDeleteObjects
    Custom::S3BucketNotifications Custom::SecureInboxCheck Custom::VpcRestrictDefaultSG
  `),
);

/** The calls of an AwsCustomResource are in its properties: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html */
const call = /\\*"action\\*":\s*\\*"(\w+)/g;
const changesAccess =
  /^(?:put|delete)(?:bucket(?:policy|encryption|ownershipcontrols|acl)?|publicaccessblock|keypolicy)$|^(?:create|revoke|retire)grant$|^disablekey$|^schedulekeydeletion$/i;

/** Words in names and properties of resources that may write policies. */
const writesPolicies = /polic|grant|permission|public|(?:bucket|key|account)[-_]?access/i;

interface Outsider {
  readonly resource: SetAside;
  readonly gets: 'bucket' | 'key';
  readonly isLikely: boolean;
}

type Inbox = Pick<Bucket, 'name' | 'policy'>;

function outsidersIn(open: Open, inbox: Inbox, keyId: string): readonly Outsider[] {
  return open.setAside.flatMap((resource) => {
    const { type, logicalId } = resource;
    if (!runsOther.test(type) || harmless.has(type)) return [];
    const text = written(resource);
    if (isGivenToo(text, resource, open)) return [];
    const calls = [...text.matchAll(call)].map(([, action = '']) => action);
    if (calls.length > 0 && !calls.some((action) => changesAccess.test(action))) return [];
    const isLikely = writesPolicies.test(`${type} ${logicalId} ${text}`);
    const reaches = (name: string) =>
      text.includes(name) || open.resources.some((made) => made.name === name && refersTo(text, made.logicalId));
    return [
      ...(reaches(inbox.name) ? [{ resource, gets: 'bucket' as const, isLikely: isLikely || !inbox.policy }] : []),
      ...(reaches(keyId) ? [{ resource, gets: 'key' as const, isLikely }] : []),
    ];
  });
}

/** Policies that are unknown because of these resources. */
export function leftToOthers(open: Open, inbox: Inbox, keyId: string): readonly UnknownPart[] {
  return [
    ...outsidersIn(open, inbox, keyId).flatMap((one) => (one.isLikely ? [ofPolicy(one)] : [])),
    ...open.setAside.flatMap((one) => (isOfAccount(one) ? [ofAccount(one)] : [])),
  ];
}

/** Assumptions about the other resources, one sentence each. */
export function leftAlone(open: Open, inbox: Inbox, keyId: string): readonly string[] {
  return outsidersIn(open, inbox, keyId).flatMap(({ resource: { logicalId, type }, gets, isLikely }) =>
    isLikely
      ? []
      : [`policy of the ${gets}: ${logicalId} (${type}), which gets the ${gets}, leaves it as it is (assumed)`],
  );
}

function written({ properties }: SetAside): string {
  return JSON.stringify(plain(properties, ({ text }) => text));
}

function refersTo(text: string, logicalId: string): boolean {
  const patterns = [`"Ref":"${logicalId}"`, `"Fn::GetAtt":["${logicalId}"`, `"Fn::GetAtt":"${logicalId}.`];
  return [...patterns, `\${${logicalId}}`, `\${${logicalId}.`].some((pattern) => text.includes(pattern));
}

/** A nested stack whose template is among the given ones. The CDK stores its file name in the parent template. */
function isGivenToo(text: string, { type, origin, asset = '' }: SetAside, { resources, setAside }: Open): boolean {
  if (type !== 'AWS::CloudFormation::Stack') return false;
  const files = [...resources, ...setAside].map((one) => one.origin.source.file);
  return files.some((file) => file !== origin.source.file && `${text}${asset}`.includes(fileName(file)));
}

function ofPolicy({ resource: { logicalId, type, origin }, gets }: Outsider): UnknownPart {
  return {
    part: gets === 'bucket' ? 'customer.inbox.bucketPolicy' : 'customer.key.keyPolicy',
    why: `The template gives the ${gets} to ${logicalId} (${type}), and whether that changes the ${gets}'s policy is not known.`,
    needs: `--${gets}-policy FILE gives the policy that it leaves.`,
    origin,
  };
}

function isOfAccount(resource: SetAside): boolean {
  return resource.type === 'AWS::Organizations::Policy' && written(resource).includes('RESOURCE_CONTROL_POLICY');
}

function ofAccount({ logicalId, origin }: SetAside): UnknownPart {
  return {
    part: 'customer.resourceControlPolicies',
    why: `The template makes a resource control policy (${logicalId}), and which accounts it applies to is not known.`,
    needs: '--resource-control-policy FILE gives it, if it applies to the account of the bucket.',
    origin,
  };
}
