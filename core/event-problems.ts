import { arnExamples, parseArn, partitionOf } from './arn.ts';
import type { BrokenRule, EventFacts, RuleName } from './event-rules.ts';
import { ownersOf } from './event-rules.ts';
import { valueAt } from './json.ts';
import { ownEntry } from './values.ts';
import { deliveryKinds, diagnosisModes } from './vocabulary.ts';

// Longer than 250 lines: one table of messages, with an entry for each rule of a test event.

/** One problem in a test event, described for its author. */
export interface Problem {
  /** A path such as `inbox.kmsKeyArn` or `steps[1]`; empty for the event itself. */
  readonly path: string;
  /** The value and what is wrong with it. */
  readonly found: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Thrown if an invocation has an invalid event. No AWS call was made. */
export class InvalidTestEvent extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(describeProblems(problems));
    this.name = 'InvalidTestEvent';
    // Lambda returns the stack too, and the position in the bundle means nothing to the caller.
    this.stack = `${this.name}: ${this.message}`;
  }
}

export function describeProblems(problems: readonly Problem[]): string {
  const lines = problems.map(({ path, found, allowed, fix }) => {
    return `- ${path || 'event'}: ${found} Allowed: ${allowed}. ${fix}`;
  });
  return ['The test event is invalid:', ...lines].join('\n');
}

interface Field {
  readonly allowed: string;
  readonly fix: string;
}

const keyArn: Field = {
  allowed: `the full ARN of a KMS key, like ${arnExamples.key}`,
  fix: 'Copy the ARN from the key itself (aws kms describe-key --query KeyMetadata.Arn).',
};
const bucket: Field = {
  allowed: 'the name of a general purpose bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
  fix: 'Give the name alone, without s3:// or an ARN.',
};
const object = (names: string): Field => ({ allowed: `an object with ${names}`, fix: 'Write an object there.' });

/** The allowed values of each field. Fields that are not in this table don't exist. */
const fields: Readonly<Record<string, Field>> = {
  '': object(
    'customer and inbox, and if needed internal, deliveryRoleArn, delivery, steps, diagnosis and lookupEvents',
  ),
  customer: {
    allowed: 'up to 58 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
    fix: "Give the customer's short name; it becomes part of a role session's name and of an object's key.",
  },
  inbox: object('accountId, region, bucket and kmsKeyArn, and if needed prefix and acl'),
  'inbox.accountId': {
    allowed: 'the 12 digits of an AWS account id, as a string',
    fix: 'Give the id of the account that owns the bucket, in quotes so that leading zeros survive.',
  },
  'inbox.region': {
    allowed: 'the code of an AWS Region, like us-east-1',
    fix: 'Give the Region of the bucket (aws s3api head-bucket --query BucketRegion).',
  },
  'inbox.bucket': bucket,
  'inbox.kmsKeyArn': keyArn,
  'inbox.prefix': {
    allowed:
      "a prefix that ends in a slash and doesn't begin with one, like reports/, of at most 800 characters from letters, digits and !_.'()&@=;:+,- space /",
    fix: 'Leave it out for the whole bucket.',
  },
  'inbox.acl': {
    allowed: 'bucket-owner-full-control',
    fix: 'Leave it out unless the bucket policy demands that ACL.',
  },
  internal: object('bucket and kmsKeyArn, both of which may be left out'),
  'internal.bucket': bucket,
  'internal.kmsKeyArn': keyArn,
  deliveryRoleArn: {
    allowed: `the ARN of an IAM role, like ${arnExamples.role}`,
    fix: 'Give the role itself, not a session of it (arn:…:sts::…:assumed-role/…).',
  },
  delivery: {
    allowed: Object.keys(deliveryKinds).join(', '),
    fix: 'Leave it out for copy.',
  },
  steps: {
    allowed: 'a list with put-internal, copy-to-inbox or both',
    fix: 'Leave it out to check every step.',
  },
  'steps[]': { allowed: 'put-internal and copy-to-inbox', fix: 'The other steps come with these and need no mention.' },
  diagnosis: {
    allowed: Object.keys(diagnosisModes).join(', '),
    fix: 'Leave it out for service-account.',
  },
  lookupEvents: {
    allowed: 'true or false, without quotes',
    fix: 'Leave it out unless CloudTrail is to be looked into after a denial, for as long as the function has time.',
  },
};

const ruleProblems: Readonly<Record<RuleName, (facts: EventFacts) => Problem>> = {
  'inbox-key-in-bucket-region': ({ inboxKey, inboxRegion }) => ({
    path: 'inbox.kmsKeyArn',
    found: `the key is in ${inboxKey?.region}, its bucket (inbox.region) in ${inboxRegion}.`,
    allowed: `a key in ${inboxRegion}, since S3 uses only keys of the bucket's own Region`,
    fix: 'Correct inbox.region or give the key of the bucket.',
  }),
  'internal-key-in-bucket-region': ({ internalKey, region }) => ({
    path: 'internal.kmsKeyArn',
    found: `the key is in ${internalKey?.region}, the internal bucket in ${region}, the Region of this function.`,
    allowed: `a key in ${region}, since S3 uses only keys of the bucket's own Region`,
    fix: `Give a key in ${region}.`,
  }),
  'internal-key-given': ({ inboxRegion, region }) => ({
    path: 'internal.kmsKeyArn',
    found: `is missing, and the key of the inbox in ${inboxRegion} cannot stand in for it.`,
    allowed: `the full ARN of a KMS key in ${region}, the Region of the internal bucket`,
    fix: `internal.kmsKeyArn is required where the inbox is in another Region: give a key in ${region}.`,
  }),
  'internal-bucket-given': () => ({
    path: 'internal.bucket',
    found: "is missing, and the function's environment variable INTERNAL_BUCKET is not set.",
    allowed: bucket.allowed,
    fix: 'Give internal.bucket or set INTERNAL_BUCKET.',
  }),
  'inbox-is-not-internal': ({ inboxBucket }) => ({
    path: 'inbox.bucket',
    found: `${inboxBucket} is the internal bucket, where reports wait for their delivery.`,
    allowed: "a bucket of the customer's",
    fix: "Give the bucket that the customer's stack prints as InboxBucketName.",
  }),
  'inbox-of-another-account': ({ inboxAccountId }) => ({
    path: 'inbox.accountId',
    found: `${inboxAccountId} is the account of this function.`,
    allowed: "the account of the customer, which isn't the service's",
    fix:
      'Give the account that owns the inbox. If inboxes are in the account of the service, deploy the service with ' +
      'inboxesInThisAccount.',
  }),
  'internal-key-of-either-side': (facts) => ({
    path: 'internal.kmsKeyArn',
    found: `the key belongs to account ${facts.internalKey?.accountId}, which is neither the customer's nor the service's.`,
    allowed: `a key of ${ownersOf(facts).join(' or ')}`,
    fix: "Give a key of the customer or of the service, or leave the field out for the customer's key.",
  }),
  'inbox-in-partition': ({ inboxRegion = '', region }) => ({
    path: 'inbox.region',
    found: `${inboxRegion} is in the partition ${partitionOf(inboxRegion)}, this function (${region}) in ${partitionOf(region)}.`,
    allowed: `a Region of the partition ${partitionOf(region)}, since no role reaches beyond its partition`,
    fix: 'Run the check, and the delivery, from an account of the same partition.',
  }),
  'inbox-key-in-partition': ({ inboxKey, region }) => otherPartition('inbox.kmsKeyArn', inboxKey?.partition, region),
  'internal-key-in-partition': ({ internalKey, region }) =>
    otherPartition('internal.kmsKeyArn', internalKey?.partition, region),
  'role-in-partition': ({ deliveryRole, region }) => otherPartition('deliveryRoleArn', deliveryRole?.partition, region),
};

function otherPartition(path: string, partition: string | undefined, region: string): Problem {
  return {
    path,
    found: `is an ARN of the partition ${partition}, this function (${region}) runs in ${partitionOf(region)}.`,
    allowed: `an ARN of the partition ${partitionOf(region)}`,
    fix: 'Correct the ARN; no role reaches beyond its partition.',
  };
}

/** Limits a report of problems to what Lambda and Step Functions accept. */
const mostFields = 100;
const longestName = 80;

function moreThan(others: number): Problem {
  return {
    path: '',
    found: `${others} more fields are wrong.`,
    allowed: 'the fields of a test event',
    fix: 'Correct those that are named first.',
  };
}

/**
 * @param paths where the event doesn't match the schema
 * @returns each problem once, in the order of the fields
 */
export function problemsOf(
  input: unknown,
  paths: readonly (readonly (string | number)[])[],
  broken: readonly BrokenRule[],
): readonly Problem[] {
  const problems = [
    ...paths.slice(0, mostFields).map((path) => fieldProblem(input, outsideOfLists(input, path))),
    ...(paths.length > mostFields ? [moreThan(paths.length - mostFields)] : []),
    ...broken.map(({ rule, facts }) => ruleProblems[rule](facts)),
  ];
  // An event that is not an object is one problem, not one per field.
  const noEvent = problems.find(({ path }) => path === '');
  if (noEvent && paths.length <= mostFields) return [noEvent];
  const unique = new Map(problems.map((problem) => [`${problem.path} ${problem.found}`, problem]));
  const order = Object.keys(fields);
  const rank = ({ path }: Problem) => (order.includes(path) ? order.indexOf(path) : order.length);
  return [...unique.values()].sort((a, b) => rank(a) - rank(b));
}

/** The schema looks for fields in a list as in an object. In that case, the list is the problem. */
function outsideOfLists(input: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  const end = path.findIndex((name, index) => {
    return typeof name === 'string' && Array.isArray(valueAt(input, path.slice(0, index)));
  });
  return end === -1 ? path : path.slice(0, end);
}

function fieldProblem(input: unknown, path: readonly (string | number)[]): Problem {
  const name = written(path);
  const known = name.replace(/\[\d+\]/g, '[]');
  const field = ownEntry(fields, known);
  if (!field) return unknownField(name, path);
  const value = valueAt(input, path);
  if (value === undefined && path.length > 0) return { path: name, found: 'is missing.', ...field };
  const { why = '', fix = field.fix } = oddities.find(({ applies }) => applies(name, value)) ?? {};
  return { path: name, found: `${shown(value)}${why}.`, allowed: field.allowed, fix };
}

function unknownField(name: string, path: readonly (string | number)[]): Problem {
  const parent = written(path.slice(0, -1));
  const siblings = Object.keys(fields).filter(
    (field) => field !== '' && written(field.split('.').slice(0, -1)) === parent,
  );
  return {
    path: name,
    found: `no field has this name.`,
    allowed: siblings.filter((field) => !field.endsWith('[]')).join(', '),
    fix: 'Remove it or correct its name.',
  };
}

const dotSegment = /(^|\/)\.{1,2}\//;

/** Common mistakes with their own remedies. The first one that applies is reported. */
const oddities: readonly {
  readonly applies: (path: string, value: unknown) => boolean;
  readonly why: string;
  readonly fix?: string;
}[] = [
  {
    applies: (path, value) => typeof value === 'number' && !/^(?:|inbox|internal|steps|lookupEvents)$/.test(path),
    why: ' is a number',
    fix: 'Write it as a string, in quotes.',
  },
  { applies: (_, value) => value === null, why: '', fix: 'Leave the field out or give it a value.' },
  {
    applies: (path, value) => path.endsWith('kmsKeyArn') && /(^|:)alias\//.test(String(value)),
    why: ' is an alias, which S3 would look up in the wrong account',
  },
  {
    applies: (path, value) => path.endsWith('kmsKeyArn') && /^(mrk-)?[0-9a-f-]{32,36}$/i.test(String(value)),
    why: ' is a bare key id, which S3 would look up in the wrong account',
  },
  {
    applies: (path, value) => path.endsWith('kmsKeyArn') && typeof value === 'string' && !parseArn(value),
    why: ' is not an ARN',
  },
  {
    applies: (path, value) => path.endsWith('kmsKeyArn') && typeof value === 'string',
    why: ' is not the ARN of a KMS key',
  },
  {
    applies: (path, value) => path === 'inbox.prefix' && String(value).startsWith('/'),
    why: ' begins with a slash',
    fix: 'Remove the first slash: S3 would take it for a folder without a name.',
  },
  {
    applies: (path, value) => path === 'inbox.prefix' && dotSegment.test(String(value)),
    why: ' has a folder called . or ..',
    fix: 'Remove it: programs that read a key as a path would look for the report in another folder.',
  },
  {
    applies: (path, value) => path === 'inbox.prefix' && typeof value === 'string' && !value.endsWith('/'),
    why: ' does not end in a slash',
    fix: 'Add a slash at the end, so that it names a folder and not the beginning of other names.',
  },
  {
    applies: (path, value) => path === 'deliveryRoleArn' && /:assumed-role\//.test(String(value)),
    why: ' is a session of a role',
  },
];

function written(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, name) => {
    if (typeof name === 'number') return `${text}[${name}]`;
    const short = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
    return text ? `${text}.${short}` : short;
  }, '');
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
