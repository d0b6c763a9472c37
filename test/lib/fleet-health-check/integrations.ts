import { DeleteItemCommand, DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { FakeServices } from './fakes/aws-json.ts';

/** A payload, as one service passes it to another. */
export type Json = Readonly<Record<string, unknown>>;

/** The name of a Task's error in Retry and Catch. */
export class TaskFailed extends Error {
  constructor(
    override readonly name: string,
    cause: string,
  ) {
    super(cause);
  }
}

export type Integration = (parameters: Json, executionArn: string) => Promise<unknown>;

export interface Integrations {
  /** Keyed by what follows `arn:aws:states:::` in a Task's Resource. */
  readonly tasks: Readonly<Record<string, Integration>>;
  /** Used by the ItemReader. */
  listObjects(parameters: Json): Promise<readonly Json[]>;
}

/**
 * Step Functions' calls to other services, through the SDK's clients if there are any.
 *
 * @param invoke the function; rejects with TaskFailed for errors that Lambda returns instead
 */
export function integrationsWith(services: FakeServices, invoke: (payload: Json) => Promise<unknown>): Integrations {
  const settings = {
    endpoint: 'http://fakes.invalid',
    requestHandler: services.requestHandler,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    // The state machine retries.
    maxAttempts: 1,
  };
  const dynamodb = new DynamoDBClient(settings);
  const eventBridge = new EventBridgeClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });

  return {
    tasks: {
      'lambda:invoke': async ({ Payload }) => ({ StatusCode: 200, Payload: await invoke(Payload as Json) }),
      'dynamodb:updateItem': named('DynamoDB', (input) => dynamodb.send(new UpdateItemCommand(input as never))),
      'dynamodb:deleteItem': named('DynamoDB', (input) => dynamodb.send(new DeleteItemCommand(input as never))),
      'aws-sdk:dynamodb:query': named('DynamoDb', (input) => dynamodb.send(new QueryCommand(input as never))),
      // AWS errors whose names don't end like this get that ending.
      'states:startExecution': named('StepFunctions', ({ StateMachineArn, Name, Input }) =>
        post(services, 'AWSStepFunctions.StartExecution', {
          stateMachineArn: StateMachineArn,
          name: Name,
          input: JSON.stringify(Input),
        }).catch((error: Error) => {
          throw Object.assign(error, { name: error.name.replace(/(Exception)?$/, 'Exception') });
        }),
      ),
      'events:putEvents': named('EventBridge', async ({ Entries }, executionArn) => {
        const entries = (Entries as readonly Json[]).map((entry) => ({
          ...entry,
          Detail: JSON.stringify(entry['Detail']),
          Resources: [executionArn],
        }));
        const answer = await eventBridge.send(new PutEventsCommand({ Entries: entries }));
        if (answer.FailedEntryCount) throw new TaskFailed('EventBridge.FailedEntry', JSON.stringify(answer.Entries));
        return answer;
      }),
      'aws-sdk:s3:listObjectsV2': named('S3', (input) => s3.send(new ListObjectsV2Command(input as never))),
      'sqs:sendMessage': named('Sqs', ({ MessageBody, ...rest }) =>
        post(services, 'AmazonSQS.SendMessage', { ...rest, MessageBody: JSON.stringify(MessageBody) }),
      ),
      'aws-sdk:cloudwatch:putMetricData': named('CloudWatch', (input) =>
        post(services, 'GraniteServiceVersion20100801.PutMetricData', input),
      ),
    },
    async listObjects(parameters) {
      const objects: Json[] = [];
      for (let ContinuationToken: string | undefined, more = true; more; ) {
        const page = await s3.send(
          new ListObjectsV2Command({
            ...(parameters as { Bucket: string }),
            ...(ContinuationToken && { ContinuationToken }),
          }),
        );
        objects.push(...((page.Contents ?? []) as unknown as Json[]));
        ContinuationToken = page.NextContinuationToken;
        more = page.IsTruncated === true;
      }
      return objects;
    },
  };
}

/** Gives errors the names that Step Functions uses, and answers the format of JSON. */
function named(service: string, call: Integration): Integration {
  return async (parameters, executionArn) => {
    try {
      return JSON.parse(JSON.stringify((await call(parameters, executionArn)) ?? {}));
    } catch (error) {
      if (error instanceof TaskFailed || !(error instanceof Error)) throw error;
      throw new TaskFailed(`${service}.${error.name}`, error.message);
    }
  };
}

/** A call to a service for which this project has no client. */
async function post(services: FakeServices, target: string, input: Json): Promise<unknown> {
  const { status, body } = services.answer(target, JSON.stringify(input));
  const answer = JSON.parse(body) as { readonly __type?: string; readonly message?: string };
  if (status !== 200)
    throw Object.assign(new Error(answer.message), { name: answer.__type?.split('#')[1] ?? 'Unknown' });
  return answer;
}
