import { arnPattern } from '../../core/arn.ts';
import type { PolicyKind } from '../../model/policies/evaluate.ts';
import { statementsOf } from '../../model/world/policy-parts.ts';
import type { PolicyDocument, PolicyStatement } from '../../model/world/world.ts';
import type { DocumentPath } from './policy-file.ts';
import type { RefusedPart } from './refusals.ts';

/** What IAM refuses in the elements of a policy beyond their names and types. */
export function elementRefusals(kind: PolicyKind, document: PolicyDocument): readonly RefusedPart[] {
  const statements = statementsOf(document);
  return [
    ...repeatedSids(statements),
    ...statements.flatMap((statement, index) => {
      const path: DocumentPath = ['Statement', index];
      return rules.flatMap((rule) => rule({ kind, statement, path }));
    }),
  ];
}

interface Subject {
  readonly kind: PolicyKind;
  readonly statement: PolicyStatement;
  readonly path: DocumentPath;
}

type Rule = (subject: Subject) => readonly RefusedPart[];

const rules: readonly Rule[] = [
  malformedSid,
  missingPrincipal,
  missingResource,
  malformedResources,
  malformedPrincipals,
  unknownOperators,
];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function repeatedSids(statements: readonly PolicyStatement[]): readonly RefusedPart[] {
  return statements.flatMap(({ Sid }, index) => {
    const first = statements.findIndex((other) => other.Sid === Sid);
    if (typeof Sid !== 'string' || first === index) return [];
    return [
      {
        path: ['Statement', index, 'Sid'],
        message: `The Sid ${Sid} is that of statement ${first + 1} already: Sids must be unique within a policy.`,
      },
    ];
  });
}

const kindsOfResources: ReadonlySet<PolicyKind> = new Set(['bucket-policy', 'key-policy']);

/** S3 and KMS take other characters too. */
function malformedSid({ kind, statement: { Sid }, path }: Subject): readonly RefusedPart[] {
  if (typeof Sid !== 'string' || kindsOfResources.has(kind) || /^[0-9A-Za-z]*$/.test(Sid)) return [];
  return [{ path: [...path, 'Sid'], message: `The Sid ${JSON.stringify(Sid)} must be letters and digits only.` }];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function missingPrincipal({ kind, statement, path }: Subject): readonly RefusedPart[] {
  if (!kindsOfResources.has(kind) || 'Principal' in statement || 'NotPrincipal' in statement) return [];
  return [
    { path, message: `Principal is missing: each statement of a ${kind.replace('-', ' ')} must say whom it is about.` },
  ];
}

/**
 * S3 refuses such a statement; KMS saves it, and it has no effect:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
function missingResource({ kind, statement, path }: Subject): readonly RefusedPart[] {
  if (!kindsOfResources.has(kind) || 'Resource' in statement || 'NotResource' in statement) return [];
  const reason =
    kind === 'key-policy'
      ? 'KMS saves a statement without it, which then has no effect; "*" is the key itself'
      : 'each statement of a bucket policy must say what it is about';
  return [{ path, message: `Resource is missing: ${reason}.` }];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const resourceArn = /^arn:[\w*?${}:-]*:.+$/;

function malformedResources({ statement, path }: Subject): readonly RefusedPart[] {
  return ['Resource', 'NotResource'].flatMap((element) =>
    textsIn(statement[element], [...path, element]).flatMap(({ text, at }) => {
      const isArn = text === '*' || (resourceArn.test(text) && text.split(':').length >= 6);
      return isArn
        ? []
        : [
            {
              path: at,
              message: `The ${element} ${text} must be an ARN (arn:partition:service:region:account:resource) or "*".`,
            },
          ];
    }),
  );
}

/**
 * Ids of roles and users stand where AWS stored them: for those that it no longer finds, it shows their ids. A group is
 * no principal.
 */
const principals: readonly RegExp[] = [
  /^\*$/,
  /^\d{12}$/,
  /^A[A-Z]{3}[A-Z0-9]{12,}$/,
  arnPattern(/iam::\d{12}:(?:root|(?:role|user)\/[\w+=,.@/${}:-]+)/),
  arnPattern(/sts::\d{12}:(?:assumed-role\/[\w+=,.@${}-]+|federated-user)\/[\w+=,.@${}:-]+/),
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
  arnPattern(/iam::cloudfront:user\/CloudFront Origin Access Identity \w+/),
];

function malformedPrincipals({ kind, statement, path }: Subject): readonly RefusedPart[] {
  if (!kindsOfResources.has(kind)) return [];
  return ['Principal', 'NotPrincipal'].flatMap((element) => {
    const value = statement[element];
    if (typeof value === 'string') {
      return value === '*'
        ? []
        : [
            {
              path: [...path, element],
              message: `Invalid principal in policy: ${value}. Write {"AWS": "${value}"}; only "*" may stand by itself.`,
            },
          ];
    }
    const named = typeof value === 'object' && value !== null && 'AWS' in value ? value.AWS : undefined;
    return textsIn(named, [...path, element, 'AWS']).flatMap(({ text, at }) =>
      principals.some((pattern) => pattern.test(text))
        ? []
        : [{ path: at, message: `Invalid principal in policy: ${text}. ${principalHint(text)}` }],
    );
  });
}

function principalHint(text: string): string {
  return text.includes('*')
    ? 'A principal has no wildcards: name the role itself.'
    : 'Allowed: the ARN of a role, user, session or account root, an account id of 12 digits, or "*".';
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators = new Set(
  [
    ...[
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    ...[
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    ...[
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    ...[
      'Bool',
      'BinaryEquals',
      'IpAddress',
      'NotIpAddress',
      'ArnEquals',
      'ArnLike',
      'ArnNotEquals',
      'ArnNotLike',
      'Null',
    ],
  ].map((name) => name.toLowerCase()),
);

function unknownOperators({ statement, path }: Subject): readonly RefusedPart[] {
  const { Condition } = statement;
  if (typeof Condition !== 'object' || Condition === null || Array.isArray(Condition)) return [];
  return Object.keys(Condition).flatMap((operator) => {
    const name = operator
      .toLowerCase()
      .replace(/^for(?:allvalues|anyvalue):/, '')
      .replace(/ifexists$/, '');
    return operators.has(name)
      ? []
      : [{ path: [...path, 'Condition', operator], message: `Invalid condition operator ${operator}.` }];
  });
}

function textsIn(value: unknown, path: DocumentPath): readonly { readonly text: string; readonly at: DocumentPath }[] {
  if (typeof value === 'string') return [{ text: value, at: path }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (typeof item === 'string' ? [{ text: item, at: [...path, index] }] : []));
}
