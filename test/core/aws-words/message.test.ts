import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type MessageDenial, readMessage } from '../../../core/aws-words/message.ts';

interface Quoted {
  readonly message: string;
  readonly code: string;
  readonly denial: Record<'action' | 'layer' | 'effect' | 'policyArn', string | null>;
  readonly source: string;
}

const corpus: readonly Quoted[] = readFileSync(
  join(import.meta.dirname, '../../fixtures/denial-messages.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Quoted);

function told({ action, layer, effect, policyArn }: MessageDenial): Record<string, string | null> {
  return { action: action ?? null, layer: layer ?? null, effect: effect ?? null, policyArn: policyArn ?? null };
}

describe('messages that people have reported', () => {
  test('the corpus is there', () => expect(corpus.length).toBeGreaterThanOrEqual(88));

  test.each(corpus.map((line, index) => [index + 1, line] as const))('line %i', (_, { message, code, denial }) => {
    // On one line, the quoted ARN kept the period of AWS's sentence, which is not part of it.
    const expected = { ...denial, policyArn: denial.policyArn?.replace(/\.$/, '') ?? null };
    expect(told(readMessage(message, code))).toEqual(expected);
    expect(told(readMessage(message))).toEqual(expected);
  });
});

const tails: readonly (readonly [string, Partial<MessageDenial>])[] = [
  ['because no identity-based policy allows the s3:PutObject action', { layer: 'identity-policy', effect: 'implicit' }],
  ['with an explicit deny in an identity-based policy', { layer: 'identity-policy', effect: 'explicit' }],
  ['because no resource-based policy allows the s3:PutObject action', { layer: 'bucket-policy', effect: 'implicit' }],
  ['with an explicit deny in a resource-based policy', { layer: 'bucket-policy', effect: 'explicit' }],
  [
    'because no permissions boundary allows the s3:PutObject action',
    { layer: 'permissions-boundary', effect: 'implicit' },
  ],
  ['with an explicit deny in a permissions boundary', { layer: 'permissions-boundary', effect: 'explicit' }],
  ['because no session policy allows the s3:PutObject action', { layer: 'session-policy', effect: 'implicit' }],
  ['with an explicit deny in a session policy', { layer: 'session-policy', effect: 'explicit' }],
  ['with an explicit deny in a sessions policy', { layer: 'session-policy', effect: 'explicit' }],
  [
    'because no service control policy allows the s3:PutObject action',
    { layer: 'service-control-policy', effect: 'implicit' },
  ],
  ['with an explicit deny in a service control policy', { layer: 'service-control-policy', effect: 'explicit' }],
  ['with an explicit deny in a resource control policy', { layer: 'resource-control-policy', effect: 'explicit' }],
  [
    'because no VPC endpoint policy allows the s3:PutObject action',
    { layer: 'vpc-endpoint-policy', effect: 'implicit' },
  ],
  ['with an explicit deny in a VPC endpoint policy', { layer: 'vpc-endpoint-policy', effect: 'explicit' }],
  [
    'with an explicit deny in a VPC endpoint policy transitively through a service control policy',
    { layer: 'service-control-policy', effect: 'explicit', wording: 'transitive' },
  ],
  ['because no role trust policy allows the s3:PutObject action', { layer: 'role-trust-policy', effect: 'implicit' }],
  ['with an explicit deny in the role trust policy', { layer: 'role-trust-policy', effect: 'explicit' }],
  ['with an explicit deny', { effect: 'explicit', wording: 'unattributed' }],
  [
    'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
    { layer: 'block-public-access', wording: 'condition' },
  ],
];

const principal = 'arn:aws:sts::111111111111:assumed-role/secure-inbox-delivery/check-acme';
const resource = 'arn:aws:s3:::secure-inbox-222222222222-us-east-1/reports/configuration-check/test-object.json';
const sentence = `User: ${principal} is not authorized to perform: s3:PutObject on resource: "${resource}"`;
const scp = 'arn:aws:organizations::333333333333:policy/o-a1b2c3d4e5/service_control_policy/p-abcd1234';

describe('the tails that AWS documents', () => {
  test.each(tails)('%s', (tail, expected) => {
    expect(readMessage(`${sentence} ${tail}`)).toMatchObject({
      action: 's3:PutObject',
      principal,
      resource,
      ...expected,
    });
  });

  test.each([
    ['sqs:SendMessage', undefined],
    ['kms:Decrypt', 'key-policy'],
    ['sts:AssumeRole', 'role-trust-policy'],
    ['s3:GetObject', 'bucket-policy'],
  ])('a resource-based policy that refuses %s is a %s', (action, layer) => {
    const said = readMessage(
      `User: ${principal} is not authorized to perform: ${action} on resource: arn:aws:x with an explicit deny in a resource-based policy`,
    );
    expect(said.layer).toBe(layer);
    expect(said).toMatchObject({ action, effect: 'explicit' });
  });

  const deny = `${sentence} with an explicit deny in a service control policy`;
  test.each([
    `${deny}: ${scp}`,
    `${deny}, with policy ARN: ${scp}`,
    `${deny}: ${scp}. Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm`,
    `${deny}: ${scp}. Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/0a1b for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: 0a1b`,
    `${deny}: ${scp} (Service: S3, Status Code: 403, Request ID: 0A1B2C3D)`,
    `${deny}: ${scp}\n\tstatus code: 403, request id: 0A1B2C3D, host id: `,
    `<Error><Code>AccessDenied</Code><Message>${deny.replaceAll('"', '&quot;')}: ${scp}</Message></Error>`,
  ])('the ARN of the policy: %s', (text) => {
    expect(readMessage(text)).toMatchObject({ layer: 'service-control-policy', policyArn: scp });
  });

  test.each([
    'because no identity-based policy allows the s3:PutObject action',
    'with an explicit deny in an identity-based policy',
    `is not authorized to perform: kms:Decrypt on resource: arn:x with an explicit deny in a session policy`,
    'The bucket does not allow ACLs',
  ])('the name of an object says nothing about policies: %s', (words) => {
    const named = resource.replace('reports/', `${words}/`);
    const tail = 'because no resource-based policy allows the s3:PutObject action';
    expect(readMessage(`${sentence.replace(resource, named)} ${tail}`)).toMatchObject({
      action: 's3:PutObject',
      resource: named,
      layer: 'bucket-policy',
      effect: 'implicit',
    });
    expect(readMessage(sentence.replace(resource, named))).toMatchObject({ wording: 'unexplained', resource: named });
  });

  test('only the first denial of a longer text is read', () => {
    const other = `User: ${principal} is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:222222222222:key/1 with an explicit deny in a permissions boundary`;
    expect(readMessage(`${sentence}\nthen ${other}`)).toMatchObject({ action: 's3:PutObject', wording: 'unexplained' });
    expect(readMessage(`${other}\nthen ${sentence}`)).toMatchObject({
      action: 'kms:Decrypt',
      layer: 'permissions-boundary',
    });
  });
});

describe('answers that name no policy', () => {
  const key = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
  test.each<readonly [string, string, Partial<MessageDenial>]>([
    ['KMS.DisabledException', `${key} is disabled.`, { layer: 'key-state', resource: key }],
    ['KMS.KMSInvalidStateException', `${key} is pending deletion.`, { layer: 'key-state', resource: key }],
    ['KMS.InvalidKeyUsageException', 'You cannot generate a data key with an asymmetric CMK', { layer: 'key-state' }],
    ['KMS.NotFoundException', `Key '${key}' does not exist`, { layer: 'key-missing', resource: key }],
    ['KMS.NotFoundException', "Invalid keyId 'fake-key-id'", { layer: 'key-missing' }],
    ['KMS.NotFoundException', 'Invalid arn eu-west-1', { layer: 'region', subject: 'key' }],
    ['NoSuchBucket', 'The specified bucket does not exist', { layer: 'bucket-missing' }],
    [
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { layer: 'region', subject: 'bucket' },
    ],
    [
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      { layer: 'region', expectedRegion: 'eu-west-1' },
    ],
    [
      'IllegalLocationConstraintException',
      'The eu-south-1 location constraint is incompatible for the region specific endpoint this request was sent to.',
      { layer: 'region' },
    ],
    [
      'InvalidArgument',
      'Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.',
      { layer: 'plain-http' },
    ],
    ['AccessControlListNotSupported', 'The bucket does not allow ACLs', { layer: 'object-ownership' }],
  ])('%s: %s', (code, message, expected) => {
    const given = readMessage(message, code);
    expect(given).toMatchObject({ wording: 'condition', ...expected });
    expect(readMessage(`An error occurred (${code}) when calling the PutObject operation: ${message}`)).toEqual(given);
  });

  // https://docs.aws.amazon.com/general/latest/gr/s3.html
  test.each([
    ['inbox.s3.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['inbox.s3-us-west-2.amazonaws.com', 'us-west-2'],
    ['inbox.s3.dualstack.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['inbox.s3-fips.dualstack.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['logs.s3.us-west-2.old.s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['inbox-us-west-2.s3.amazonaws.com', undefined],
    ['inbox-us-west-2.s3-external-1.amazonaws.com', undefined],
  ])('the endpoint that S3 points to tells the Region, if it names one: %s', (endpoint, expectedRegion) => {
    const xml = `<Error><Code>PermanentRedirect</Code><Endpoint>${endpoint}</Endpoint></Error>`;
    const { layer, expectedRegion: told } = readMessage(xml);
    expect([layer, told]).toEqual(['region', expectedRegion]);
  });

  test.each([
    ['Access Denied', 'AccessDenied'],
    ['', 'AccessDenied'],
    ['UnknownError', '403'],
    ['Forbidden', undefined],
    ['fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden', undefined],
    ['AmazonS3Exception: Forbidden (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden)', undefined],
    ['Access Denied (Service: S3, Status Code: 403, Request ID: 1)', undefined],
  ])('two words or fewer are opaque: %s', (text, code) => {
    expect(readMessage(text, code)).toEqual({ wording: 'opaque' });
  });

  test.each([
    ['Access Denied because object protected by object lock.', 'condition'],
    ['Request has expired', 'none'],
    ['The provided token has expired.', 'none'],
    ['Your bucket is disabled for reasons of taste', 'none'],
    ['', 'none'],
  ])('a denial that is not from a policy has no layer: %s', (text, wording) => {
    const { means: _, ...read } = readMessage(text);
    expect(read).toEqual({ wording });
  });
});

/** How SDKs, tools and logs wrap AWS's message, modeled on their real output. */
const wrappers: Readonly<Record<string, (message: string) => string>> = {
  botocore: (message) =>
    `botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the CopyObject operation: ${message}`,
  'aws cli': (message) =>
    `copy failed: s3://a/b to s3://c/d An error occurred (AccessDenied) when calling the CopyObject operation: ${message}\n`,
  'java v1': (message) =>
    `com.amazonaws.services.s3.model.AmazonS3Exception: ${message} (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 0A1B; S3 Extended Request ID: x/y=; Proxy: null)`,
  'java v2': (message) =>
    `software.amazon.awssdk.services.s3.model.S3Exception: ${message} (Service: S3, Status Code: 403, Request ID: 0A1B, Extended Request ID: x/y=)`,
  'go v1': (message) => `AccessDenied: ${message}\n\tstatus code: 403, request id: 0A1B, host id: x/y=`,
  'go v2': (message) =>
    `operation error S3: CopyObject, https response error StatusCode: 403, RequestID: 0A1B, HostID: x/y=, api error AccessDenied: ${message}`,
  rust: (message) =>
    `ServiceError(ServiceError { source: Unhandled(Unhandled { source: ErrorMetadata { code: Some("AccessDenied"), message: Some(${JSON.stringify(message)}), extras: Some({"s3_extended_request_id": "x/y="}) }, meta: ErrorMetadata }) })`,
  'javascript v3': (message) =>
    `AccessDenied: ${message}\n    at throwDefaultError (/var/task/index.js:1:2)\n    at process.processTicksAndRejections (node:internal/process/task_queues:95:5) {\n  '$fault': 'client',\n  '$metadata': { httpStatusCode: 403 }\n}`,
  php: (message) =>
    `Error executing "CopyObject" on "https://inbox.s3.amazonaws.com/key"; AWS HTTP error: Client error: 403 Forbidden response:\n<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${xml(message)}</Message><RequestId>0A1B (truncated...)\n AccessDenied (client): ${message}`,
  '.net': (message) =>
    `Amazon.S3.AmazonS3Exception: ${message}\n ---> Amazon.Runtime.Internal.HttpErrorResponseException: Exception of type 'Amazon.Runtime.Internal.HttpErrorResponseException' was thrown.`,
  terraform: (message) =>
    `\u001b[31m╷\u001b[0m\n│ Error: uploading S3 Object (key) to Bucket (inbox): operation error S3: PutObject, api error AccessDenied: ${message}\n│ \n│   with aws_s3_object.report,\n╵`,
  xml: (message) =>
    `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${xml(message)}</Message><HostId>x/y=</HostId></Error>`,
  'json log line': (message) => JSON.stringify({ level: 'ERROR', error: { name: 'AccessDenied', message } }),
  'json in json': (message) => JSON.stringify({ log: JSON.stringify({ msg: `failed: ${message}` }) }),
  'quoted mail': (message) => `On Monday it said:\n> ${message.replaceAll('\n', '\n> ')}\n`,
  'node string literal': (message) => `message: '${message.slice(0, 150)}' +\n    '${message.slice(150)}',`,
};

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const policyArns: Readonly<Record<string, string>> = {
  'service-control-policy': scp,
  'permissions-boundary': 'arn:aws:iam::111111111111:policy/platform/guardrails-of-the-platform',
  'identity-policy': 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3',
};

/** AWS's own messages, with all their endings, ARNs and ways to name the resource. */
const canonical = fc
  .record({
    account: fc.stringMatching(/^\d{12}$/),
    role: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,40}[A-Za-z0-9]$/),
    sessionName: fc.stringMatching(/^[A-Za-z0-9=,.@-]{2,30}$/),
    place: fc.constantFrom(
      { action: 's3:PutObject', on: 'on resource: "arn:aws:s3:::inbox-1/reports/a=b/test-object.json"' },
      { action: 's3:GetObject', on: 'on resource: "arn:aws-cn:s3:::internal/configuration-check/acme/1.json"' },
      { action: 'kms:GenerateDataKey', on: 'on resource: arn:aws:kms:eu-west-1:222222222222:key/mrk-0a1b2c3d' },
      { action: 'kms:Decrypt', on: 'on the resource associated with this ciphertext' },
      { action: 'sts:AssumeRole', on: 'on resource: arn:aws:iam::222222222222:role/service/delivery' },
    ),
    // AssumeRole's message usually ends after the resource.
    tail: fc.constantFrom('', ...tails.slice(0, -2).map(([text]) => text)),
    withArn: fc.boolean(),
  })
  .map(({ account, role, sessionName, place, tail, withArn }) => {
    const opening = `User: arn:aws:sts::${account}:assumed-role/${role}/${sessionName} is not authorized to perform: ${place.action}`;
    const reason = tail.replace('s3:PutObject', place.action);
    const text = `${opening} ${place.on} ${reason}`.trimEnd();
    const { layer = '', effect } = readMessage(text);
    const policyArn = effect === 'explicit' && !tail.includes('transitively') ? policyArns[layer] : undefined;
    return withArn && policyArn ? `${text}: ${policyArn}` : text;
  });

describe('text around a message changes nothing', () => {
  test.each(Object.keys(wrappers))('%s', (name) => {
    fc.assert(
      fc.property(canonical, (message) => {
        const wrap = wrappers[name] ?? String;
        expect(readMessage(wrap(message))).toEqual(readMessage(message));
      }),
    );
  });

  test('line breaks at any space', () => {
    fc.assert(
      fc.property(
        canonical,
        fc.infiniteStream(fc.constantFrom(' ', ' ', '\n', '\r\n    ', ' \n\t')),
        (message, blanks) => {
          const broken = message.replace(/ /g, () => blanks.next().value);
          expect(readMessage(broken)).toEqual(readMessage(message));
        },
      ),
    );
  });

  test('lines cut at a width, in the middle of words', () => {
    fc.assert(
      fc.property(canonical, fc.integer({ min: 30, max: 55 }), (message, width) => {
        const lines = message.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
        expect(readMessage(lines.join('\n'))).toEqual(readMessage(message));
      }),
    );
  });

  test('wrappers within wrappers', () => {
    const outer = fc.constantFrom('json log line', 'json in json', 'quoted mail');
    const inner = fc.constantFrom('botocore', 'go v2', 'java v2', 'xml', 'javascript v3');
    fc.assert(
      fc.property(canonical, outer, inner, (message, around, within) => {
        const wrapped = (wrappers[around] ?? String)((wrappers[within] ?? String)(message));
        expect(readMessage(wrapped)).toEqual(readMessage(message));
      }),
    );
  });

  test('any text at all is read without an error', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void readMessage(text)));
  });
});
