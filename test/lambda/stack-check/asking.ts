import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackCheckConfiguration } from '../../../lambda/stack_check/configuration.ts';
import { customerKey, internalBucket, serviceKey } from '../invocation.ts';

/** The request of a stack in account 222222222222, as SNS passes it to the function. */

const fixtures = join(import.meta.dirname, '../../fixtures/stack-check');

export const configuration: StackCheckConfiguration = {
  region: 'us-east-1',
  topicArnPrefix: 'arn:aws:sns:us-east-1:111111111111:secure-inbox-check-',
  urlSuffix: 'amazonaws.com',
  checkFunctionArn: 'arn:aws:lambda:us-east-1:111111111111:function:customer_configuration_check',
  internalBucket,
  serviceKmsKeyArn: serviceKey,
  requestsBucket: 'secure-inbox-requests',
  checksPerHour: 20,
  customEndpoint: true,
  patienceMs: 60_000,
};

export const customer = '222222222222';
export const topicArn = `${configuration.topicArnPrefix}${customer}`;
export const stackId = stackIdOf(customer);
export const responseHost = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com';
/** Anyone who has the query of a response's URL can answer on behalf of the function. */
export const signature = 'X-Amz-Signature=7ef285ecc786';

export function stackIdOf(accountId: string, region = 'us-east-1'): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/secure-inbox/1134083a-2608-1e91-9897-022501a2c456`;
}

/** The time of signing, unless a test sets another. */
export const signedAt = new Date('2026-11-21T12:00:00Z');

/** The parameters are in CloudFormation's order. */
export function responseUrlOf(stack: string, requestId = '5d478078', now = signedAt): string {
  const path = `${stack}|DeliveryCheck|${requestId}`.split('/').map(encodeURIComponent).join('/');
  const time = now.toISOString().replaceAll(/[:-]|\.\d+/g, '');
  const region = stack.split(':')[3];
  const credential = encodeURIComponent(`AKIAIOSFODNN7EXAMPLE/${time.slice(0, 8)}/${region}/s3/aws4_request`);
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Date=${time}`,
    'X-Amz-SignedHeaders=host',
    'X-Amz-Expires=7200',
    `X-Amz-Credential=${credential}`,
    signature,
  ];
  return `https://${responseHost}/${path}?${query.join('&')}`;
}

export const testEvent = {
  customer: 'acme',
  inbox: {
    accountId: customer,
    region: 'us-east-1',
    bucket: 'secure-inbox-222222222222-us-east-1',
    kmsKeyArn: customerKey,
    prefix: 'reports/',
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-create.html */
export function request(changes: Readonly<Record<string, unknown>> = {}) {
  const { StackId = stackId, RequestId = '5d478078', signed = signedAt, ...others } = changes;
  return {
    RequestType: 'Create',
    ServiceToken: topicArn,
    ServiceTimeout: '1800',
    ResponseURL: responseUrlOf(String(StackId), String(RequestId), signed as Date),
    StackId,
    RequestId,
    LogicalResourceId: 'DeliveryCheck',
    ResourceType: 'Custom::SecureInboxCheck',
    ResourceProperties: properties(),
    ...others,
  };
}

export function properties(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const CheckedWith = { TemplateVersion: '2', CheckSerial: '1' };
  return {
    ServiceToken: topicArn,
    ServiceTimeout: '1800',
    FailOnDenied: 'no',
    TestEvent: testEvent,
    CheckedWith,
    ...changes,
  };
}

export function snsEvent(message: unknown, topic = topicArn): unknown {
  const { event } = JSON.parse(readFileSync(join(fixtures, 'sns-event.json'), 'utf8')) as {
    readonly event: { readonly Records: readonly { readonly Sns: object }[] };
  };
  const Message = typeof message === 'string' ? message : JSON.stringify(message);
  return {
    Records: event.Records.map((record) => ({
      ...record,
      EventSubscriptionArn: `${topic}:21be56ed-a058-49f5-8c98-aedd2564c486`,
      Sns: { ...record.Sns, Message, TopicArn: topic, Subject: 'AWS CloudFormation custom resource request' },
    })),
  };
}

export interface RecordedUrl {
  readonly region: string;
  readonly stackId: string;
  readonly url: string;
  readonly source: string;
}

export function recordedUrls(): readonly RecordedUrl[] {
  const lines = readFileSync(join(fixtures, 'response-urls.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedUrl);
}
