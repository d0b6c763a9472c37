import type { PolicyDocument } from '../../model/world/world.ts';
import { policyErrors } from '../../policy/grammar.ts';
import { checkConstraints } from '../wire/constraints.ts';
import { AwsError } from '../wire/operation.ts';
import { notImplemented } from '../wire/protocol.ts';
import type { QueryInput } from '../wire/query.ts';

export interface AssumeRoleInput {
  readonly roleArn: string;
  readonly roleAccountId: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
  readonly policy?: { readonly text: string; readonly document: PolicyDocument };
}

/** One hour, unless a role sets its own. Ours don't. */
const defaultDuration = 3600;

/** The maximum length of a session policy in characters. STS checks it before it looks up the role. */
export const maxSessionPolicy = 2048;

/**
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html; wordings as recorded in
 * test/fixtures/aws-recorded-errors-kms.jsonl. The policy's limit is not in the API model, but STS enforces it.
 *
 * @throws AwsError ValidationError or MalformedPolicyDocument, 400; NotImplemented for unsupported parameters
 */
export function parseAssumeRole(input: QueryInput): AssumeRoleInput {
  const left = leftOut.find((parameter) => input.has(parameter));
  if (left) throw notImplemented(`the parameter ${left} of AssumeRole`);

  const roleArn = input.string('RoleArn');
  const sessionName = input.string('RoleSessionName');
  const policy = input.string('Policy');
  const durationSeconds = input.integer('DurationSeconds') ?? defaultDuration;
  const externalId = input.string('ExternalId');
  checkConstraints('ValidationError', {
    roleArn: [roleArn, { required: true, minLength: 20, maxLength: 2048 }],
    roleSessionName: [sessionName, { required: true, minLength: 2, maxLength: 64, pattern: '[\\w+=,.@-]*' }],
    policy: [policy, { minLength: 1, maxLength: maxSessionPolicy }],
    durationSeconds: [durationSeconds, { min: 900, max: 43200 }],
    externalId: [externalId, { minLength: 2, maxLength: 1224, pattern: '[\\w+=,.@:\\/-]*' }],
  });
  if (!Number.isInteger(durationSeconds)) throw new AwsError('MalformedInput', 400, '');
  const arn = wellFormedArn.exec(roleArn ?? '')?.groups;
  if (!arn) throw new AwsError('ValidationError', 400, `${roleArn} is invalid`);
  return {
    roleArn: roleArn ?? '',
    roleAccountId: arn['account'] ?? '',
    sessionName: sessionName ?? '',
    durationSeconds,
    ...(externalId !== undefined && { externalId }),
    ...(policy !== undefined && { policy: { text: policy, document: sessionPolicy(policy) } }),
  };
}

const leftOut = [
  'PolicyArns',
  'Tags',
  'TransitiveTagKeys',
  'SerialNumber',
  'TokenCode',
  'SourceIdentity',
  'ProvidedContexts',
];

const wellFormedArn = /^arn:[^:]+:[^:]+:[^:]*:(?<account>[^:]*):.+$/;

function sessionPolicy(text: string): PolicyDocument {
  let document: PolicyDocument;
  try {
    document = JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 400, 'This policy contains invalid Json');
  }
  if (policyErrors('session-policy', document).length > 0) {
    throw new AwsError('MalformedPolicyDocument', 400, 'Syntax errors in policy.');
  }
  return document;
}
