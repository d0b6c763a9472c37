import { messagesOf, readRequest } from '../../../lambda/stack_check/request.ts';
import {
  configuration,
  customer,
  properties,
  request,
  responseUrlOf,
  signedAt,
  snsEvent,
  stackId,
  stackIdOf,
  topicArn,
} from './asking.ts';

const other = '333333333333';

function read(message: unknown, topic?: string) {
  const [first, ...more] = messagesOf(snsEvent(message, topic));
  if (first === undefined || more.length > 0) throw new Error('SNS sends one message at a time.');
  return readRequest(first, configuration, signedAt);
}

it("reads CloudFormation's request in the SNS message", () => {
  expect(read(request())).toEqual({
    trusted: true,
    request: {
      type: 'Create',
      accountId: customer,
      stackId,
      requestId: '5d478078',
      logicalResourceId: 'DeliveryCheck',
      physicalResourceId: 'secure-inbox-check-1134083a-2608-1e91-9897-022501a2c456-DeliveryCheck',
      responseUrl: new URL(responseUrlOf(stackId)),
      properties: properties(),
    },
  });
});

it.each(['Update', 'Delete'])('keeps any physical ID of an %s', (RequestType) => {
  const PhysicalResourceId = '2021/03/15/[$LATEST]aaf4307e4cb04366ab7422552137d0b3';
  expect(read(request({ RequestType, PhysicalResourceId }))).toMatchObject({
    trusted: true,
    request: { type: RequestType, physicalResourceId: PhysicalResourceId },
  });
});

describe('forged accounts', () => {
  it.each<[string, unknown, string | undefined]>([
    ["another account's stack through the own topic", request({ StackId: stackIdOf(other) }), topicArn],
    ["the own stack through another account's topic", request(), topicArn.replace(customer, other)],
    ['a topic of another deployment', request(), topicArn.replace('check-', 'check-staging-')],
    ['a topic of another Region', request(), topicArn.replace('us-east-1', 'eu-west-1')],
    ["a topic of the customer's", request(), topicArn.replace('111111111111', customer)],
    [
      "the own stack with another stack's response",
      request({ ResponseURL: responseUrlOf(stackIdOf(other)) }),
      topicArn,
    ],
    ['a stack of another Region', request({ StackId: stackIdOf(customer, 'eu-west-1') }), topicArn],
    ['a stack of another partition', request({ StackId: stackId.replace('arn:aws:', 'arn:aws-cn:') }), topicArn],
  ])('are not answered: %s', (_, message, topic) => {
    expect(read(message, topic)).toMatchObject({ trusted: false });
  });

  it('do not get the signature into the log', () => {
    const { trusted, ...rest } = read(request({ StackId: stackIdOf(other) }));
    expect(trusted).toBe(false);
    expect(JSON.stringify(rest)).not.toContain('X-Amz-Signature');
  });
});

describe('what is not a request', () => {
  it.each<[string, unknown]>([
    ['no JSON', 'Hello from SNS!'],
    ['a list', []],
    ['null', null],
    ['a type that there is not', request({ RequestType: 'Import' })],
    ['no response URL', request({ ResponseURL: undefined })],
    ['a stack that is no ARN', request({ StackId: 'secure-inbox' })],
    ['a stack with a line break', request({ StackId: `${stackId}\n` })],
    ['a request id with a quote', request({ RequestId: '"' })],
    ['no logical id', request({ LogicalResourceId: '' })],
    ['a logical id of any length', request({ LogicalResourceId: 'A'.repeat(5_000) })],
    ['a physical id of more than a kilobyte', request({ PhysicalResourceId: 'é'.repeat(513) })],
    ['properties that are a text', request({ ResourceProperties: 'TestEvent' })],
  ])('is not trusted: %s', (_, message) => {
    expect(read(message)).toMatchObject({
      trusted: false,
      why: expect.any(String),
    });
  });

  it('says which fields are wrong', () => {
    const why = 'It is not a CloudFormation request: wrong fields: RequestType, StackId.';
    expect(read(request({ RequestType: 'Import', StackId: 'x' }))).toEqual({ trusted: false, why });
  });

  it.each([[{}], [null], [{ Records: [{ s3: {} }] }]])('does not come from SNS at all: %j', (event) => {
    expect(() => messagesOf(event)).toThrow();
  });
});
