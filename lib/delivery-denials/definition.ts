import { catchAll, type State, type States, serviceRetries } from '../fleet-health-check/states.ts';
import { inboxBucketIndex, inboxKeyIndex } from '../fleet-health-check/storage.ts';
import { countTask, serviceTask } from '../fleet-health-check/tasks.ts';

/** Metrics of the state machine that follows up denials. */
export const denialMetrics = {
  /** KMS denied a key to a real delivery. */
  denied: 'DeliveryDenials',
  /** Those whose customer was not found. */
  ofUnknown: 'DeliveryDenialsOfUnknown',
  /** STS denied the delivery role to a caller. */
  roleDenied: 'DeliveryRoleDenials',
} as const;

/** The resources that the states use. */
interface DenialResources {
  readonly statusTable: string;
  readonly healthCheckArn: string;
  readonly metricsNamespace: string;
}

/** Limit of an Express workflow. https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
const longestSeconds = 300;

/** The maximum number of customers to check for one key. */
const mostCustomers = 100;

/**
 * Handles one denial from EventBridge: counts it, finds its customers, and checks each of them, unless an earlier denial in
 * the same ten minutes did.
 */
export function denialDefinition(resources: DenialResources): State {
  return {
    Comment: 'Checks the customer whose key was denied to a real delivery.',
    TimeoutSeconds: longestSeconds,
    StartAt: 'WhatWasDenied',
    States: {
      WhatWasDenied: {
        Type: 'Choice',
        Choices: [{ Variable: '$.source', StringEquals: 'aws.sts', Next: 'CountRoleDenial' }],
        Default: 'CountDenial',
      },
      // It belongs to no customer, so there is no one to check.
      CountRoleDenial: countTask(resources, denialMetrics.roleDenied, { Next: 'Done' }),
      CountDenial: countTask(resources, denialMetrics.denied, { Catch: catchAll('WhichKey'), Next: 'WhichKey' }),
      ...findingByKey(resources),
      ...findingByBucket(resources),
      CountUnknown: countTask(resources, denialMetrics.ofUnknown, { Next: 'Done' }),
      CheckEach: checkEach(resources),
      Done: { Type: 'Succeed' },
    },
  };
}

const anyKeyArn = 'arn:*:kms:*:*:key/*';

/** Where a CloudTrail record may name the key. A denied call does not have all of them. */
const namesOfKey = [
  { state: 'TakeKeyOfResource', variable: '$.detail.resources[0].ARN', like: anyKeyArn },
  { state: 'TakeKeyOfRequest', variable: '$.detail.requestParameters.keyId', like: anyKeyArn },
  {
    state: 'TakeKeyOfMessage',
    variable: '$.detail.errorMessage',
    like: `User: * is not authorized to perform: kms:* on resource: ${anyKeyArn}`,
    // The eleventh word, because session names and actions have no spaces.
    key: "States.ArrayGetItem(States.StringSplit($.detail.errorMessage, ' '), 10)",
  },
] as const satisfies readonly { state: string; variable: string; like: string; key?: string }[];

function findingByKey({ statusTable }: DenialResources): States {
  const takingKey = namesOfKey.map(({ state, variable, ...name }): [string, State] => [
    state,
    {
      Type: 'Pass',
      Parameters: { 'arn.$': 'key' in name ? name.key : variable },
      ResultPath: '$.key',
      Next: 'FindByKey',
    },
  ]);
  return {
    WhichKey: {
      Type: 'Choice',
      Choices: namesOfKey.map(({ state, variable, like }) => ({ ...isLike(variable, like), Next: state })),
      Default: 'WhichBucket',
    },
    ...Object.fromEntries(takingKey),
    FindByKey: find(statusTable, inboxKeyIndex, 'inboxKeyArn', '$.key.arn', 'IsAnyFoundByKey'),
    IsAnyFoundByKey: isAnyFound('WhichBucket'),
  };
}

/** S3's encryption context is the ARN of the object, or of the bucket with a Bucket Key. */
const encryptionContext = "$.detail.requestParameters.encryptionContext['aws:s3:arn']";

function findingByBucket({ statusTable }: DenialResources): States {
  return {
    WhichBucket: {
      Type: 'Choice',
      Choices: [{ ...isLike(encryptionContext, 'arn:*:s3:::*'), Next: 'SplitBucketArn' }],
      Default: 'CountUnknown',
    },
    SplitBucketArn: {
      Type: 'Pass',
      Parameters: {
        'parts.$': `States.StringSplit(States.ArrayGetItem(States.StringSplit(${encryptionContext}, '/'), 0), ':')`,
      },
      ResultPath: '$.bucket',
      Next: 'TakeBucket',
    },
    TakeBucket: {
      Type: 'Pass',
      // The last part, whether or not empty parts count.
      Parameters: {
        'name.$': 'States.ArrayGetItem($.bucket.parts, States.MathAdd(States.ArrayLength($.bucket.parts), -1))',
      },
      ResultPath: '$.bucket',
      Next: 'FindByBucket',
    },
    FindByBucket: find(statusTable, inboxBucketIndex, 'inboxBucket', '$.bucket.name', 'IsAnyFoundByBucket'),
    IsAnyFoundByBucket: isAnyFound('CountUnknown'),
  };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
function find(statusTable: string, index: string, attribute: string, value: string, next: string): State {
  return serviceTask(
    'aws-sdk:dynamodb:query',
    {
      TableName: statusTable,
      IndexName: index,
      KeyConditionExpression: '#attribute = :value',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':value': { 'S.$': value } },
      Limit: mostCustomers,
    },
    { ResultSelector: { 'customers.$': '$.Items', 'count.$': '$.Count' }, ResultPath: '$.found', Next: next },
  );
}

function isAnyFound(otherwise: string): State {
  return {
    Type: 'Choice',
    Choices: [{ Variable: '$.found.count', NumericGreaterThan: 0, Next: 'CheckEach' }],
    Default: otherwise,
  };
}

/**
 * The ten-minute window of an event, such as `2026-11-21T12-4`. The language can't divide, so the tens of the minutes are
 * the length of the range from 100 to 100 plus the minutes in steps of ten.
 */
const tenMinutes =
  "States.Format('{}-{}', States.ArrayGetItem(States.StringSplit($.time, ':'), 0), States.ArrayLength(" +
  "States.ArrayRange(100, States.StringToJson(States.Format('1{}', States.ArrayGetItem(States.StringSplit($.time, ':'), 1))), 10)))";

/** Step Functions' error for an execution name that was already used. */
const alreadyStarted = 'StepFunctions.ExecutionAlreadyExistsException';

/**
 * A name can be used once in 90 days, so only the first of a customer's denials within ten minutes starts a check.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
function checkEach({ healthCheckArn }: DenialResources): State {
  return {
    Type: 'Map',
    ItemsPath: '$.found.customers',
    ItemSelector: { 'registryKey.$': '$$.Map.Item.Value.registryKey.S', 'tenMinutes.$': tenMinutes },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'StartCheck',
      States: {
        StartCheck: serviceTask(
          'states:startExecution',
          {
            StateMachineArn: healthCheckArn,
            'Name.$': "States.Format('denial-{}-{}', $.tenMinutes, States.Hash($.registryKey, 'SHA-1'))",
            Input: { 'prefix.$': '$.registryKey' },
          },
          {
            Retry: [{ ErrorEquals: [alreadyStarted], MaxAttempts: 0 }, ...serviceRetries],
            Catch: [{ ErrorEquals: [alreadyStarted], Next: 'IsBeingChecked' }],
            Next: 'IsBeingChecked',
          },
        ),
        IsBeingChecked: { Type: 'Succeed' },
      },
    },
    Next: 'Done',
  };
}

/** A Choice fails if a variable is missing. */
function isLike(variable: string, pattern: string): State {
  return {
    And: [
      { Variable: variable, IsPresent: true },
      { Variable: variable, StringMatches: pattern },
    ],
  };
}
