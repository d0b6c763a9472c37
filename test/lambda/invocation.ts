import { edgesFor } from '../../core/permissions.ts';
import type { Report, StepResult } from '../../core/report.ts';
import type { Step } from '../../core/vocabulary.ts';
import type { handler as Handler } from '../../lambda/customer_configuration_check/handler.ts';
import { type Kept, respond } from '../../lambda/customer_configuration_check/respond.ts';
import type { FakeAws } from './fake-aws.ts';

export const internalBucket = 'secure-inbox-internal-111111111111-us-east-1';
export const serviceKey = 'arn:aws:kms:us-east-1:111111111111:key/00000000-0000-4000-8000-000000000001';
export const customerKey = 'arn:aws:kms:us-east-1:222222222222:key/00000000-0000-4000-8000-000000000002';
export const deliveryRole = 'arn:aws:iam::111111111111:role/secure-inbox-delivery';
export const functionArn = 'arn:aws:lambda:us-east-1:111111111111:function:customer_configuration_check';

/** The function's environment in a Region with our own AWS, without this machine's AWS settings. */
export function environmentFor(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAFUNCTION',
    AWS_SECRET_ACCESS_KEY: 'function-secret',
    AWS_SESSION_TOKEN: 'function-token',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    INTERNAL_BUCKET: internalBucket,
    DELIVERY_ROLE_ARN: deliveryRole,
    SERVICE_KMS_KEY_ARN: serviceKey,
  };
}

export const inbox = {
  accountId: '222222222222',
  region: 'us-east-1',
  bucket: 'secure-inbox-222222222222-us-east-1',
  kmsKeyArn: customerKey,
  prefix: 'reports/',
};

/** The requests of a check that copies, in order. */
export const sentOperations = [...new Set(edgesFor('copy', undefined).map(({ operation }) => operation))];
export const afterAssumeRole = sentOperations.slice(1);

let customers = 0;

/** A test event for a customer that no test has checked before, so that no session is cached. */
export function newEvent(changes: Record<string, unknown> = {}): Record<string, unknown> & { customer: string } {
  customers += 1;
  return { customer: `customer-${customers}`, inbox, diagnosis: 'none', ...changes };
}

/** The handler of a new instance of the function, which shares no connections with other tests. */
export function newHandler(): typeof Handler {
  const kept: Kept = {};
  return (input, context) => respond(input, context, kept);
}

export interface Invoked {
  readonly answer: unknown;
  /** The output on stdout. */
  readonly lines: readonly string[];
}

/** @param context Lambda's context, other than the remaining time */
export async function invoke(
  handler: typeof Handler,
  input: unknown,
  remainingMs: number | (() => number) = 30_000,
  context: { invokedFunctionArn?: string; awsRequestId?: string } = {
    invokedFunctionArn: functionArn,
    awsRequestId: 'invocation-1',
  },
): Promise<Invoked> {
  const end = Date.now() + Number(remainingMs);
  const left = typeof remainingMs === 'function' ? remainingMs : () => end - Date.now();
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(...String(text).split('\n').filter(Boolean));
    return true;
  });
  try {
    const answer = await handler(input, { getRemainingTimeInMillis: left, ...context });
    return { answer, lines };
  } finally {
    write.mockRestore();
  }
}

/**
 * Little time for one request and plenty for all others, however busy the machine is.
 *
 * @param before the preceding request
 */
export function littleTimeFor(aws: FakeAws, operation: string, before: string): () => number {
  return () => (operations(aws).includes(before) && !operations(aws).includes(operation) ? 1_500 : 60_000);
}

export async function reportOf(
  handler: typeof Handler,
  input: unknown,
  remainingMs?: number | (() => number),
): Promise<Report> {
  return (await invoke(handler, input, remainingMs)).answer as Report;
}

export function resultOf(report: Report, step: Step): StepResult {
  const result = report.steps.find((candidate) => candidate.step === step);
  if (!result) throw new Error(`The report has no step ${step}.`);
  return result;
}

export function statuses(report: Report): Record<string, string> {
  return Object.fromEntries(report.steps.map(({ step, status }) => [step, status]));
}

export function operations({ requests }: FakeAws): string[] {
  return requests.map(({ operation }) => operation);
}
