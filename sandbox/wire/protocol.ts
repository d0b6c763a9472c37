import { AwsError, type SandboxResponse, type Service } from './operation.ts';
import { element, xmlDocument } from './xml.ts';

/** A service's protocol determines its error bodies and the headers of every answer. */
export type Protocol = 'rest-xml' | 'json' | 'rest-json' | 'query';

export const protocols: Readonly<Record<Service, Protocol>> = {
  s3: 'rest-xml',
  kms: 'json',
  cloudtrail: 'json',
  sts: 'query',
  iam: 'query',
  organizations: 'json',
  lambda: 'rest-json',
  cloudformation: 'query',
};

export interface AnswerIds {
  readonly requestId: string;
  readonly hostId: string;
}

export function identifyingHeaders(
  protocol: Protocol,
  { requestId, hostId }: AnswerIds,
): Readonly<Record<string, string>> {
  return protocol === 'rest-xml'
    ? { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId, server: 'AmazonS3' }
    : { 'x-amzn-requestid': requestId };
}

/** An error in a protocol's format. For HEAD requests, the server leaves out the body. */
export function renderError(protocol: Protocol, error: AwsError, ids: AnswerIds, service?: Service): SandboxResponse {
  const { contentType, headers, body } = renderers[protocol](error, ids, service);
  return { status: error.status, headers: { 'content-type': contentType, ...headers, ...error.headers }, body };
}

type Renderer = (error: AwsError, ids: AnswerIds, service?: Service) => Rendered;

interface Rendered {
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const renderers: Readonly<Record<Protocol, Renderer>> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
  'rest-xml': ({ code, message, extra }, { requestId, hostId }) => ({
    contentType: 'application/xml',
    body: xmlDocument(
      element('Error', [
        element('Code', code),
        element('Message', message),
        ...elements(extra),
        element('RequestId', requestId),
        element('HostId', hostId),
      ]),
    ),
  }),
  // https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization
  json: ({ code, message, extra }) => ({
    contentType: 'application/x-amz-json-1.1',
    body: JSON.stringify({ __type: code, message, ...extra }),
  }),
  // https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
  'rest-json': ({ code, message, extra }) => ({
    contentType: 'application/json',
    headers: { 'x-amzn-errortype': code },
    body: JSON.stringify({ ...extra, Message: message }),
  }),
  // https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
  query: ({ code, message, extra, status }, { requestId }, service) => ({
    contentType: 'text/xml',
    body: element(
      'ErrorResponse',
      [
        element('Error', [
          element('Type', extra['Type'] ?? (status < 500 ? 'Sender' : 'Receiver')),
          element('Code', code),
          element('Message', message),
          ...elements(Object.fromEntries(Object.entries(extra).filter(([name]) => name !== 'Type'))),
        ]),
        element('RequestId', requestId),
      ],
      service && { xmlns: service in queryNamespaces ? queryNamespaces[service as keyof typeof queryNamespaces] : '' },
    ),
  }),
};

export const queryNamespaces = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
} as const;

function elements(extra: Readonly<Record<string, string>>): string[] {
  return Object.entries(extra).map(([name, value]) => element(name, value));
}

/** The sandbox's answer for an unknown operation or service. */
export function notImplemented(what: string): AwsError {
  return new AwsError(
    'NotImplemented',
    501,
    `The sandbox does not emulate ${what}. What it emulates is listed in sandbox/BEHAVIOUR.md.`,
  );
}

/** Recorded from S3; the other services word it the same way. */
export function internalError(): AwsError {
  return new AwsError('InternalError', 500, 'We encountered an internal error. Please try again.');
}
