import { Aws } from 'aws-cdk-lib';
import { arnOf } from '../../core/arn.ts';

/** A state of the Amazon States Language, as it stands in the definition. https://states-language.net/spec.html */
export type State = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, State>>;

/** What the states act upon. */
export interface HealthCheckResources {
  readonly registryBucket: string;
  readonly registryPrefix: string;
  readonly functionArn: string;
  /** The function's own timeout. */
  readonly checkTimeoutSeconds: number;
  readonly statusTable: string;
  readonly resultsBucket: string;
  readonly deadLetterQueueUrl: string;
  readonly eventBus: string;
  readonly eventSource: string;
  readonly metricsNamespace: string;
}

/**
 * More than 256 KiB. A Catch of everything does not catch it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const tooLarge = 'States.DataLimitExceeded';

/** @param resultPath where the error is put into the input */
export function catchAll(next: string, resultPath = '$.error'): readonly State[] {
  return [tooLarge, 'States.ALL'].map((error) => ({ ErrorEquals: [error], ResultPath: resultPath, Next: next }));
}

/** @param action such as `lambda:invoke` */
export function integration(action: string): string {
  return arnOf({ partition: Aws.PARTITION, service: 'states', resource: action });
}
