import { isObject, type Json, jsonOrNothing } from '../../core/json.ts';
import { ownEntry } from '../../core/values.ts';
import { type SlotName, slots } from './slots.ts';

/** A document inside an AWS answer, or inside a file for the AWS CLI. */
export interface Inner {
  readonly at: string;
  readonly text: string;
  /** The places that a policy can take, as far as the answer shows. */
  readonly slots?: readonly SlotName[];
}

type Opened =
  | readonly Inner[]
  | {
      readonly why: string;
      /** Places of policies that the answer names, and whose contents it lacks. */
      readonly lacks?: readonly SlotName[];
    };

/**
 * Reads the contents of an answer. The AWS CLI prints policies as strings within JSON, and `--query Policy` without
 * `--output text` prints only such a string.
 *
 * @returns undefined if the value is not such an answer; a reason if it is one that no delivery needs
 */
export function openedAnswer(value: unknown, file: string): Opened | undefined {
  if (typeof value === 'string') return innerOf('string', value);
  if (Array.isArray(value)) {
    const items = value.flatMap((item: unknown, at) => innerOf(`[${at}]`, item) ?? []);
    return items.length > 0 && items.length === value.length ? items : undefined;
  }
  if (!isObject(value)) return undefined;
  for (const { holds, open } of answers) if (holds in value) return open(value, file);
  return undefined;
}

const answers: readonly {
  readonly holds: string;
  readonly open: (answer: Json, file: string) => Opened | undefined;
}[] = [
  { holds: 'Policy', open: policyOf },
  { holds: 'Policies', open: ({ Policies: policies }) => namesAlone(policies) },
  // `--query Policy` reduces describe-policy's answer to this.
  { holds: 'PolicySummary', open: ofOrganization },
  { holds: 'RoleName', open: (answer) => ('PolicyDocument' in answer ? ofIdentity(answer['RoleName']) : undefined) },
  {
    holds: 'PolicyVersion',
    open: ({ PolicyVersion: version }, file) =>
      slots.permissionsBoundary.fileName.test(file)
        ? innerOf('PolicyVersion.Document', (version as Json | undefined)?.['Document'], ['permissionsBoundary'])
        : {
            why: "is a managed policy of IAM: if it is the delivery role's boundary, give it with --permissions-boundary",
          },
  },
  { holds: 'PolicyDocument', open: (answer) => innerOf('PolicyDocument', answer['PolicyDocument']) },
  { holds: 'BucketPolicy', open: (answer) => innerOf('BucketPolicy', answer['BucketPolicy'], ['bucketPolicy']) },
  { holds: 'KeyPolicy', open: (answer) => innerOf('KeyPolicy', answer['KeyPolicy'], ['keyPolicy']) },
  { holds: 'TemplateBody', open: (answer) => templateIn(answer['TemplateBody']) },
  { holds: 'VpcEndpoints', open: (answer) => ofEndpoints(answer['VpcEndpoints']) },
];

/** A string for S3 and KMS, or an object if someone has parsed it; for Organizations, with its summary. */
function policyOf({ Policy: policy }: Json): Opened | undefined {
  if (isObject(policy) && 'PolicySummary' in policy) return ofOrganization(policy);
  if (isObject(policy) && 'Arn' in policy && 'DefaultVersionId' in policy) {
    return { why: 'is the answer of iam get-policy, which has no statements: get-policy-version prints them' };
  }
  return innerOf('Policy', policy);
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html */
const slotsOfTypes: Readonly<Record<string, readonly SlotName[]>> = {
  SERVICE_CONTROL_POLICY: ['serviceControlPolicy', 'customerServiceControlPolicy'],
  RESOURCE_CONTROL_POLICY: ['resourceControlPolicy', 'serviceResourceControlPolicy'],
};

function ofOrganization({ PolicySummary: summary, Content: content }: Json): Opened | undefined {
  const { Type: type, AwsManaged: isManaged, Name: name } = (summary ?? {}) as Json;
  const slots = typeof type === 'string' ? ownEntry(slotsOfTypes, type) : undefined;
  if (slots === undefined)
    return { why: `is a policy of AWS Organizations of type ${String(type)}, which denies nothing` };
  if (isManaged === true) return { why: `is AWS's own ${String(name)}, which allows everything` };
  return innerOf('Content', content, slots);
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html */
function namesAlone(policies: unknown): Opened | undefined {
  const summaries = (Array.isArray(policies) ? policies : []).filter(isObject);
  const own = summaries.filter(({ Type: type, AwsManaged: isManaged }) => type !== undefined && isManaged === false);
  if (own.length === 0) return undefined;
  const lacks = own.some(({ Type: type }) => type === 'RESOURCE_CONTROL_POLICY')
    ? ['resourceControlPolicy' as const]
    : [];
  const why = `names policies without what they say (${own.map(({ Name: name }) => String(name)).join(', ')}): give each as aws organizations describe-policy prints it`;
  return { why, lacks };
}

function ofIdentity(role: unknown): Opened {
  return {
    why: `is a policy of the role ${String(role)}. What the service's role may do is taken from the service's stack; collect reads a deployed one`,
  };
}

function templateIn(body: unknown): Opened | undefined {
  if (typeof body === 'string') return [{ at: 'TemplateBody', text: body }];
  return isObject(body) ? [{ at: 'TemplateBody', text: JSON.stringify(body, null, 2) }] : undefined;
}

function ofEndpoints(endpoints: unknown): Opened | undefined {
  if (!Array.isArray(endpoints)) return undefined;
  const found = (endpoints as readonly Json[]).flatMap(({ ServiceName: service, PolicyDocument: policy }, at) => {
    const isOfS3 = /\.s3(?:-global\.accesspoint)?$/.test(String(service));
    return isOfS3 ? (innerOf(`VpcEndpoints[${at}].PolicyDocument`, policy, ['vpcEndpointPolicy']) ?? []) : [];
  });
  return found.length > 0
    ? found
    : { why: 'is the answer of describe-vpc-endpoints without an endpoint of S3 that has a policy' };
}

/** A policy as an object, as a string, or URL-encoded as IAM returns it. */
function innerOf(at: string, given: unknown, slots?: readonly SlotName[]): readonly Inner[] | undefined {
  const value = typeof given === 'string' ? jsonOrNothing(/^\s*%7B/i.test(given) ? decoded(given) : given) : given;
  if (!isObject(value) && !(typeof given === 'string' && Array.isArray(value))) return undefined;
  if (
    isObject(value) &&
    !answers.some(({ holds }) => holds in value) &&
    !('Statement' in value || 'Resources' in value)
  )
    return undefined;
  // Keeps the policy's own lines, if it has any. A policy on one long line is formatted.
  const own = typeof given === 'string' && given.trim().includes('\n') && !given.startsWith('%') ? given : undefined;
  return [{ at, text: own ?? JSON.stringify(value, null, 2), ...(slots && { slots }) }];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `get-key-policy --output text` prints the policy's name after it. */
export function withoutPolicyName(text: string): string {
  return text.replace(/^(\s*\{[\s\S]*\})\s+default\s*$/, '$1');
}
