import {
  AccessAnalyzerClient,
  type Location,
  type PathElement,
  type PolicyType,
  paginateValidatePolicy,
  type ValidatePolicyFinding,
  type ValidatePolicyFindingType,
  type ValidatePolicyResourceType,
} from '@aws-sdk/client-accessanalyzer';
import { asError, defined } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import type { DocumentPath, PolicyFile, Position } from '../../model/text/policy-file.ts';
import { type PolicyKind, policyKinds } from '../../policy/policy-kinds.ts';
import { ofAllPages } from '../collect/ask-aws.ts';

export interface AnalyzerFinding {
  readonly policy: PolicyFile;
  readonly type: ValidatePolicyFindingType;
  /** The check's code, such as `MISMATCHED_ACTION_FOR_PRINCIPAL`. */
  readonly issueCode: string;
  /** AWS's text, one or more sentences. */
  readonly text: string;
  readonly learnMoreLink: string;
  /** The places of the finding, main one first; never empty. */
  readonly places: readonly FindingPlace[];
}

export interface FindingPlace {
  /** Absent if the finding is about the whole policy. */
  readonly statement?: { readonly index: number; readonly sid?: string };
  readonly path: DocumentPath;
  readonly position: Position;
}

export interface AnalyzerOptions {
  /** @default the Region of the profile or the environment */
  readonly region?: string;
  /** @default the SDK's own credential chain: environment, AWS_PROFILE, instance */
  readonly profile?: string;
  /** @default AWS's endpoint, or AWS_ENDPOINT_URL */
  readonly endpoint?: string;
}

/**
 * Has IAM Access Analyzer validate each policy. Sends only the documents, and needs the permission
 * access-analyzer:ValidatePolicy.
 *
 * Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
 *
 * @returns findings in the order of the policies, then of their statements
 * @throws InputError if it can't be called: no credentials, no permission, no network
 */
export async function accessAnalyzerFindings(
  files: readonly PolicyFile[],
  options: AnalyzerOptions = {},
): Promise<readonly AnalyzerFinding[]> {
  const client = new AccessAnalyzerClient(defined(options));
  try {
    const found = await Promise.all(files.map((policy) => findingsIn(client, policy)));
    return found.flat();
  } catch (error) {
    throw new InputError(whyNotAsked(error));
  } finally {
    client.destroy();
  }
}

/** The analyzer has no own type for VPC endpoint policies and key policies. */
const typesOfTheirOwn: Readonly<Partial<Record<PolicyKind, readonly [PolicyType, ValidatePolicyResourceType?]>>> = {
  'service-control-policy': ['SERVICE_CONTROL_POLICY'],
  'resource-control-policy': ['RESOURCE_CONTROL_POLICY'],
  'role-trust-policy': ['RESOURCE_POLICY', 'AWS::IAM::AssumeRolePolicyDocument'],
  'bucket-policy': ['RESOURCE_POLICY', 'AWS::S3::Bucket'],
};

function typeOf(kind: PolicyKind): readonly [PolicyType, ValidatePolicyResourceType?] {
  const namesNobody = policyKinds[kind].principal === 'forbidden';
  return typesOfTheirOwn[kind] ?? [namesNobody ? 'IDENTITY_POLICY' : 'RESOURCE_POLICY'];
}

async function findingsIn(client: AccessAnalyzerClient, policy: PolicyFile): Promise<readonly AnalyzerFinding[]> {
  const [policyType, validatePolicyResourceType] = typeOf(policy.kind);
  const pages = paginateValidatePolicy(
    { client },
    {
      policyDocument: JSON.stringify(policy.document),
      policyType,
      ...(validatePolicyResourceType && { validatePolicyResourceType }),
    },
  );
  const found = await ofAllPages(pages, ({ findings }) => findings?.map((one) => findingOf(policy, one)));
  return found.toSorted((a, b) => statementIndex(a) - statementIndex(b));
}

function statementIndex({ places: [first] }: AnalyzerFinding): number {
  return first?.statement?.index ?? -1;
}

function findingOf(policy: PolicyFile, finding: ValidatePolicyFinding): AnalyzerFinding {
  const { findingType, issueCode = '', findingDetails = '', learnMoreLink = '', locations = [] } = finding;
  const places = locations.map(({ path }) => placeOf(policy, path));
  return {
    policy,
    type: findingType ?? 'WARNING',
    issueCode,
    text: findingDetails,
    learnMoreLink,
    places: places.length > 0 ? places : [placeOf(policy, [])],
  };
}

/** Spans refer to the document as sent; the path leads to the same place in the file. */
function placeOf(policy: PolicyFile, elements: Location['path']): FindingPlace {
  const path = (elements ?? []).flatMap(keyOf);
  const [element, index] = path;
  const place = { path, position: policy.positionOf(path) };
  if (element !== 'Statement') return place;
  const at = typeof index === 'number' ? index : 0;
  const sid = [policy.document.Statement].flat()[at]?.Sid;
  return { ...place, statement: { index: at, ...(sid && { sid }) } };
}

/** A part of a text is located at the text. */
function keyOf({ index, key, value }: PathElement): readonly (string | number)[] {
  return [index ?? key ?? value ?? []].flat();
}

function whyNotAsked(error: unknown): string {
  const { name, message } = asError(error);
  return (
    `--access-analyzer: IAM Access Analyzer could not be asked: ${message} (${name}). ` +
    'It takes AWS credentials with access-analyzer:ValidatePolicy, and a Region: set AWS_PROFILE and AWS_REGION, or --profile and --region.'
  );
}
