import { customerStates, notChecked } from './customer.ts';
import { metrics } from './events.ts';
import type { HealthCheckSettings } from './limits.ts';
import {
  catchAll,
  type HealthCheckResources,
  integration,
  lambdaUnavailable,
  type State,
  type States,
} from './states.ts';
import { checkTask, countTask, deadLetterTask, oneCustomer, serviceTask, theWholeBatch } from './tasks.ts';

/** The Distributed Map's label in the ARNs of its child workflows. */
export const mapLabel = 'Customers';

/** The prefix of each run's results in their bucket. */
export const resultsPrefix = 'health-check';

/**
 * The whole state machine. Its input is one of
 * - `{}`: every customer;
 * - `{"prefix": "customers/acme.json"}`: the registry objects whose keys begin with this; a whole key is one customer;
 * - `{"forget": "customers/acme.json"}`: delete the status of a customer that is no longer in the registry.
 */
export function definition(resources: HealthCheckResources, settings: HealthCheckSettings): State {
  return {
    Comment: 'Checks whether reports can be delivered to customers, and announces changes.',
    TimeoutSeconds: settings.interval.toSeconds(),
    StartAt: 'WhatIsAskedFor',
    States: {
      WhatIsAskedFor: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.forget', IsPresent: true, Next: 'ForgetCustomer' },
          { Variable: '$.prefix', IsPresent: true, Next: 'LookForCustomers' },
        ],
        Default: 'TakeAllCustomers',
      },
      TakeAllCustomers: {
        Type: 'Pass',
        Result: { prefix: resources.registryPrefix, everyone: true },
        Next: 'LookForCustomers',
      },
      LookForCustomers: lookForCustomers(resources),
      IsAnybodyThere: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.listed.KeyCount', IsPresent: true },
              { Variable: '$.listed.KeyCount', NumericEquals: 0 },
            ],
            Next: 'WasItEveryone',
          },
        ],
        Default: 'CheckCustomers',
      },
      CheckCustomers: checkCustomers(resources, settings),
      WasItEveryone: {
        Type: 'Choice',
        Choices: [{ Variable: '$.everyone', IsPresent: true, Next: 'CountFinished' }],
        Default: 'Finished',
      },
      CountFinished: countTask(resources, metrics.finished, { Next: 'Finished' }),
      Finished: { Type: 'Succeed' },
      ForgetCustomer: serviceTask(
        'dynamodb:deleteItem',
        { TableName: resources.statusTable, Key: { registryKey: { 'S.$': '$.forget' } } },
        { ResultPath: null, Next: 'Finished' },
      ),
    },
  };
}

/**
 * It is not documented what a Distributed Map does if its reader lists nothing, so an empty registry skips the map.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
function lookForCustomers({ registryBucket }: HealthCheckResources): State {
  return serviceTask(
    'aws-sdk:s3:listObjectsV2',
    { Bucket: registryBucket, 'Prefix.$': '$.prefix', MaxKeys: 1 },
    { ResultPath: '$.listed', Next: 'IsAnybodyThere' },
  );
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html */
function checkCustomers(resources: HealthCheckResources, settings: HealthCheckSettings): State {
  return {
    Type: 'Map',
    Label: mapLabel,
    ItemReader: {
      Resource: integration('s3:listObjectsV2'),
      Parameters: { Bucket: resources.registryBucket, 'Prefix.$': '$.prefix' },
    },
    ItemSelector: { 'Key.$': '$$.Map.Item.Value.Key' },
    ItemBatcher: { MaxItemsPerBatch: settings.batchSize },
    MaxConcurrency: settings.maxConcurrency,
    ToleratedFailurePercentage: settings.toleratedFailurePercentage,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: settings.childExecutions },
      StartAt: 'CheckBatch',
      States: batchStates(resources),
    },
    ResultWriter: {
      Resource: integration('s3:putObject'),
      Parameters: { Bucket: resources.resultsBucket, Prefix: resultsPrefix },
    },
    ResultPath: '$.run',
    Next: 'WasItEveryone',
  };
}

/**
 * A child workflow: a batch in one invocation. Its input is `{"Items": [{"Key": registry object}, …]}`.
 *
 * If a batch fails (a crash, reports that together exceed a state's limit), each customer is tried alone, so that one
 * customer does not prevent the checks of nine others. If Lambda is unavailable, they are not.
 *
 * It fails only if none of its customers was checked: all customers of a failed child workflow count as failed, so in a
 * small registry one customer could otherwise stop the whole run.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_MapRunItemCounts.html
 */
function batchStates(resources: HealthCheckResources): States {
  return {
    CheckBatch: checkTask(resources, theWholeBatch, {
      ResultSelector: { 'reports.$': '$.Payload.reports' },
      ResultPath: '$.checked',
      Catch: [
        { ErrorEquals: lambdaUnavailable, ResultPath: '$.error', Next: 'ReportBatchNotChecked' },
        ...catchAll('CheckEachAlone'),
      ],
      Next: 'RecordEach',
    }),
    ReportBatchNotChecked: deadLetterTask(
      resources,
      'not-checked',
      { 'keys.$': '$.Items[*].Key' },
      { ResultPath: null, Next: 'NobodyChecked' },
    ),
    CheckEachAlone: {
      Type: 'Map',
      ItemsPath: '$.Items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'CheckAlone',
        States: {
          CheckAlone: checkTask(resources, oneCustomer('$.Key'), {
            ResultSelector: { 'report.$': '$.Payload.reports[0]' },
            OutputPath: '$.report',
            Catch: catchAll('ReportNotChecked'),
            End: true,
          }),
          ReportNotChecked: deadLetterTask(
            resources,
            'not-checked',
            { 'keys.$': 'States.Array($.Key)' },
            { ResultSelector: { verdict: notChecked }, End: true },
          ),
        },
      },
      ResultSelector: { 'reports.$': '$' },
      ResultPath: '$.checked',
      Next: 'RecordEach',
    },
    RecordEach: {
      Type: 'Map',
      ItemsPath: '$.checked.reports',
      ItemSelector: {
        // The function's answers are in the order of the items.
        'item.$': 'States.ArrayGetItem($.Items, $$.Map.Item.Index)',
        'report.$': '$$.Map.Item.Value',
        'changeId.$': 'States.UUID()',
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'WhatWasFound',
        States: customerStates(resources),
      },
      // In the order of the items, for the results bucket.
      ResultSelector: { 'verdicts.$': '$', 'different.$': 'States.ArrayUnique($)' },
      Next: 'WasAnybodyChecked',
    },
    WasAnybodyChecked: {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.different[0]', StringEquals: notChecked },
            { Not: { Variable: '$.different[1]', IsPresent: true } },
          ],
          Next: 'NobodyChecked',
        },
      ],
      Default: 'Checked',
    },
    Checked: { Type: 'Succeed' },
    NobodyChecked: {
      Type: 'Fail',
      Error: 'CustomersNotChecked',
      Cause: 'The dead-letter queue has a message with the registry keys of the customers.',
    },
  };
}
