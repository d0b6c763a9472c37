import * as v from 'valibot';
import { partitionOf } from '../../core/arn.ts';
import { jsonOrNothing } from '../../core/json.ts';
import type { StackCheckConfiguration } from './configuration.ts';
import { presigned } from './presigned.ts';
import { responseUrl } from './response-url.ts';

/** The fields of CloudFormation's request to a custom resource that are needed to answer it. */
export interface StackRequest {
  readonly type: 'Create' | 'Update' | 'Delete';
  /** The account of the stack. Only that account can have published the request. */
  readonly accountId: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  readonly physicalResourceId: string;
  readonly responseUrl: URL;
  /** The values from the template, all strings. They are validated where they are used. */
  readonly properties: Readonly<Record<string, unknown>>;
}

type ReadRequest =
  | { readonly trusted: true; readonly request: StackRequest }
  /** Gets no answer, because the address to answer is part of what is not trusted. */
  | { readonly trusted: false; readonly why: string };

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
const snsEventSchema = v.looseObject({
  Records: v.array(v.looseObject({ Sns: v.looseObject({ TopicArn: v.string(), Message: v.string() }) })),
});

export interface Message {
  readonly topicArn: string;
  readonly text: string;
}

/** @throws if the event is not from SNS, because then the function is connected to something else */
export function messagesOf(event: unknown): readonly Message[] {
  const { Records } = v.parse(snsEventSchema, event);
  return Records.map(({ Sns }) => ({ topicArn: Sns.TopicArn, text: Sns.Message }));
}

/** In practice a version-1 UUID, but nothing depends on that. */
const stackIdPattern =
  /^arn:(aws[a-z-]*):cloudformation:([a-z0-9-]+):(\d{12}):stack\/[A-Za-z][A-Za-z0-9-]{0,127}\/([\da-f-]{36})$/;

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html; the fields that the
 * response repeats are limited, so that it fits into 4,096 bytes.
 */
const requestSchema = v.looseObject({
  RequestType: v.picklist(['Create', 'Update', 'Delete']),
  ResponseURL: v.pipe(v.string(), v.maxLength(4_096)),
  StackId: v.pipe(v.string(), v.regex(stackIdPattern)),
  RequestId: v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/)),
  LogicalResourceId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{1,255}$/)),
  PhysicalResourceId: v.optional(v.pipe(v.string(), v.minLength(1), v.maxBytes(1_024))),
  ResourceProperties: v.optional(v.record(v.string(), v.unknown()), {}),
});

/**
 * Reads a message and verifies its sender. SNS doesn't say who published it, but each account has its own topic, to
 * which only that account may publish. So the topic must be that of the stack's account, and the response the stack's
 * own.
 */
export function readRequest(
  { topicArn, text }: Message,
  configuration: Pick<StackCheckConfiguration, 'region' | 'topicArnPrefix' | 'urlSuffix'>,
  now: Date,
): ReadRequest {
  const parsed = v.safeParse(requestSchema, jsonOrNothing(text));
  if (!parsed.success) {
    const fields = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the message');
    return {
      trusted: false,
      why: `It is not a CloudFormation request: wrong fields: ${[...new Set(fields)].join(', ')}.`,
    };
  }
  const { RequestType, ResponseURL, StackId, PhysicalResourceId, ResourceProperties, ...ids } = parsed.output;
  const [, partition, region, accountId = '', id = ''] = stackIdPattern.exec(StackId) ?? [];
  if (region !== configuration.region || partition !== partitionOf(region)) {
    return { trusted: false, why: `The stack ${StackId} is not of this Region, ${configuration.region}.` };
  }
  if (topicArn !== `${configuration.topicArnPrefix}${accountId}`) {
    return { trusted: false, why: `The stack ${StackId} is not of the account that may publish to ${topicArn}.` };
  }
  const target = responseUrl(ResponseURL, StackId, configuration);
  if (!target.trusted) return target;
  const unusable = presigned(target.url, configuration.region, now);
  if (unusable !== undefined) return { trusted: false, why: unusable };
  return {
    trusted: true,
    request: {
      type: RequestType,
      accountId,
      stackId: StackId,
      requestId: ids.RequestId,
      logicalResourceId: ids.LogicalResourceId,
      // Never changes: a different ID would tell CloudFormation that the resource was replaced.
      physicalResourceId: PhysicalResourceId ?? `secure-inbox-check-${id}-${ids.LogicalResourceId}`,
      responseUrl: target.url,
      properties: ResourceProperties,
    },
  };
}
