import { Aws } from 'aws-cdk-lib';
import { metricsNamespace } from '../core/metrics.ts';
import { DeploymentError } from './deployment-error.ts';

/** A resource's name: `base`, the deployment's suffix, and for buckets the account and Region. */
interface Name {
  readonly base: string;
  /** Characters that AWS allows. */
  readonly limit: number;
  /** Bucket names must be unique worldwide, so they contain the account and the Region. */
  readonly everywhere?: true;
}

/**
 * Every physical name of Account A, in one place.
 *
 * Customers' policies contain two of them: the delivery role's ARN and the internal bucket's name. Changing either breaks
 * every inbox until its owner updates the stack.
 *
 * No `base` may be another `base` of the same resource type plus a hyphen and a word, because a deployment with that
 * word as its name would use the other's name.
 */
const table = {
  deliveryRole: { base: 'secure-inbox-delivery', limit: 64 },
  /** The function and its role. */
  check: { base: 'customer_configuration_check', limit: 64 },
  internalBucket: { base: 'secure-inbox-internal', limit: 63, everywhere: true },
  serviceKeyAlias: { base: 'alias/secure-inbox-internal', limit: 256 },
  registryBucket: { base: 'secure-inbox-registry', limit: 63, everywhere: true },
  resultsBucket: { base: 'secure-inbox-results', limit: 63, everywhere: true },
  /** The state machine and its schedule. */
  healthCheck: { base: 'secure-inbox-health-check', limit: 64 },
  /** The state machine that follows up denials. */
  deliveryDenials: { base: 'secure-inbox-delivery-denials', limit: 80 },
  deadLetterQueue: { base: 'secure-inbox-not-checked', limit: 80 },
  statusTable: { base: 'secure-inbox-customer-status', limit: 255 },
  statusTopic: { base: 'secure-inbox-status', limit: 256 },
  statusRule: { base: 'secure-inbox-status', limit: 64 },
  statusTopicKeyAlias: { base: 'alias/secure-inbox-status', limit: 256 },
  dashboard: { base: 'secure-inbox', limit: 255 },
  /** The function that answers customers' stacks, and its role. */
  stackCheck: { base: 'secure_inbox_stack_check', limit: 64 },
  stackCheckLastResort: { base: 'secure_inbox_stack_check_last_resort', limit: 64 },
  /** Followed by the customer's account, which takes 13 characters of the 256. */
  stackCheckTopic: { base: 'secure-inbox-check', limit: 243 },
  stackCheckQueue: { base: 'secure-inbox-stack-not-answered', limit: 80 },
  deniedCustomersQuery: { base: 'secure-inbox-who-is-denied-and-why', limit: 255 },
} as const satisfies Readonly<Record<string, Name>>;

type Names = Readonly<Record<keyof typeof table, string>> & {
  /** The source of EventBridge events, which only this deployment's own rule matches. */
  readonly eventSource: string;
  readonly metricsNamespace: string;
  /** @param what in kebab-case, such as `customers-denied` */
  readonly alarm: (what: string) => string;
};

/** The `detail-type` of the event that says that a customer's status changed. */
export const statusChangeDetailType = 'Customer Configuration Status Change';

const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const accountIdLength = 12;
/** The length of us-isof-south-1. */
const longestRegionLength = 15;

/**
 * @param deploymentName is part of every name, so that two deployments can share an account; `''` for the names above
 * @throws DeploymentError if AWS would not accept a resulting name
 */
export function deploymentNames(deploymentName = ''): Names {
  if (deploymentName !== '') assertUsable(deploymentName);
  const suffix = deploymentName && `-${deploymentName}`;
  const names = Object.entries<Name>(table).map(([key, { base, everywhere }]) => [
    key,
    `${base}${suffix}${everywhere ? `-${Aws.ACCOUNT_ID}-${Aws.REGION}` : ''}`,
  ]);
  return {
    ...(Object.fromEntries(names) as Record<keyof typeof table, string>),
    eventSource: `secure-inbox.configuration-check${deploymentName && `.${deploymentName}`}`,
    metricsNamespace: `${metricsNamespace}${deploymentName && `/${deploymentName}`}`,
    alarm: (what) => `secure-inbox-${what}${suffix}`,
  };
}

function assertUsable(deploymentName: string): void {
  const given = `deploymentName is ${JSON.stringify(deploymentName)}`;
  if (!namePattern.test(deploymentName)) {
    throw new DeploymentError(
      `${given}. Allowed: lowercase letters, digits and single hyphens, starting with a letter and ending with a ` +
        'letter or digit. Use another name, such as staging, or none.',
    );
  }
  if (deploymentName.length > longestDeploymentName()) {
    const { base, limit } = tightest();
    throw new DeploymentError(
      `${given}, which has ${deploymentName.length} characters. Allowed: at most ${longestDeploymentName()}, so that ` +
        `${base}-NAME-ACCOUNT-REGION has at most ${limit} in every Region. Use a shorter name.`,
    );
  }
}

function longestDeploymentName(): number {
  return roomIn(tightest());
}

function tightest(): Name {
  return Object.values<Name>(table).reduce((least, name) => (roomIn(name) < roomIn(least) ? name : least));
}

/** The number of characters left for the deployment's name, without its hyphen. */
function roomIn({ base, limit, everywhere }: Name): number {
  return limit - base.length - (everywhere ? 1 + accountIdLength + 1 + longestRegionLength : 0) - 1;
}
