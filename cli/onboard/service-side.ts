import { parseArn } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { type Identified, identify } from '../collect/accounts-to-read.ts';
import { type Outputs, stackOutputs } from './given-outputs.ts';
import type { OnboardAccounts } from './onboard-accounts.ts';

export interface ServiceOptions {
  readonly serviceStack: string;
  readonly serviceRegion?: string;
  readonly deliveryRoleArn?: string;
  readonly internalBucket?: string;
  readonly serviceKeyArn?: string;
  readonly registry?: string;
}

/** Account A's values for its customers, and its registry. Unknown values are absent. */
export interface ServiceValues {
  readonly region?: string;
  readonly deliveryRoleArn?: string;
  readonly internalBucket?: string;
  readonly serviceKeyArn?: string;
  readonly registry?: string;
  /** Other roles that deliver, or will; separated by commas. */
  readonly furtherDeliveryRoleArns?: string;
  /** Topics through which customers' stacks can request a check, keyed by account. */
  readonly checkTopicArns?: Outputs;
  readonly inboxesInThisAccount?: boolean;
}

interface ServiceSide extends ServiceValues {
  readonly region: string;
  readonly account: Identified;
}

/** The outputs of the service's stack that each option replaces. */
const outputOf = {
  deliveryRoleArn: 'DeliveryRoleArn',
  internalBucket: 'InternalBucketName',
  serviceKeyArn: 'ServiceKeyArn',
  registry: 'RegistryBucketName',
} as const satisfies Partial<Record<keyof ServiceOptions, string>>;

/** The beginning of the output for a customer's topic, followed by the customer's account ID. */
const checkTopicOutput = 'CheckTopicArnOf';

export function statedValues(options: ServiceOptions): ServiceValues {
  const { deliveryRoleArn, internalBucket, serviceKeyArn, registry, serviceRegion } = options;
  const region = serviceRegion ?? parseArn(serviceKeyArn ?? '')?.region;
  return defined({ region, deliveryRoleArn, internalBucket, serviceKeyArn, registry });
}

/**
 * Reads Account A with the operator's credentials. The stack is not read if options give all values.
 *
 * @param enough whether the options give everything that is needed
 * @throws InputError if there are no credentials, no Region or no such stack
 */
export async function serviceSide(
  { service: access, region: known }: Pick<OnboardAccounts, 'service' | 'region'>,
  options: ServiceOptions,
  enough: boolean,
): Promise<ServiceSide> {
  const account = await identify(access, known ?? options.serviceRegion);
  if (!account) {
    throw new InputError(
      "There are no AWS credentials for the service's account. Set AWS_PROFILE, name a profile with --service-profile, or sign in with aws sso login.",
    );
  }
  try {
    const stated = statedValues(options);
    const region = account.region ?? stated.region;
    if (region === undefined) {
      throw new InputError(
        '--service-region: nothing says in which Region the service is. Give it, or set AWS_REGION.',
      );
    }
    const wanted = {
      name: options.serviceStack,
      region,
      option: '--service-stack',
      profileOption: '--service-profile',
      regionOption: '--service-region',
    };
    const outputs: Outputs = enough ? {} : await stackOutputs(account, wanted);
    const printed = Object.entries(outputOf).map(([option, output]) => [option, outputs[output]] as const);
    const checkTopicArns = Object.fromEntries(
      Object.entries(outputs).flatMap(([output, arn]) =>
        output.startsWith(checkTopicOutput) ? [[output.slice(checkTopicOutput.length), arn]] : [],
      ),
    );
    const { FurtherDeliveryRoleArns: furtherDeliveryRoleArns, InboxesInThisAccount: inService } = outputs;
    return {
      ...defined(Object.fromEntries(printed)),
      ...stated,
      ...defined({ furtherDeliveryRoleArns }),
      checkTopicArns,
      inboxesInThisAccount: inService === 'true',
      region,
      account,
    };
  } catch (error) {
    account.clients.destroy();
    throw error;
  }
}

/** @throws InputError naming the output, and the option that can replace it */
export function required<K extends keyof typeof outputOf>(values: ServiceValues, name: K, stack: string): string {
  const value = values[name];
  if (value !== undefined) return value;
  const option = optionNamed(name);
  throw new InputError(
    `${option}: is not known: the stack ${stack} has no output ${outputOf[name]}. Deploy it again (npx cdk deploy), or set ${option}.`,
  );
}

/** `serviceKeyArn` becomes `--service-key-arn`. */
export function optionNamed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
