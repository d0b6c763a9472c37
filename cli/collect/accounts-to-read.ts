import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { parseArn } from '../../core/arn.ts';
import type { TestEvent } from '../../core/event.ts';
import { InputError } from '../../model/text/input-error.ts';
import { AccountClients } from './account-clients.ts';
import { type AskedAccount, answeredByAws } from './ask-aws.ts';
import type { Access } from './aws-access.ts';

export interface Given {
  readonly event: TestEvent;
  /** The account of the delivery role, if the event or the environment names the role. */
  readonly deliveryRoleArn: string | undefined;
  readonly serviceProfile?: string;
  readonly customerProfile?: string;
  readonly region?: string;
  readonly access: Omit<Access, 'profile'>;
}

/** One of the two accounts, with its credentials and their caller. */
export interface Credited extends AskedAccount {
  /** Absent if there are no credentials for it. */
  readonly arn?: string;
  readonly region?: string;
}

interface AccountsToRead {
  readonly service: Credited;
  readonly customer: Credited;
}

/**
 * Determines which credentials are for which account. Those of a profile must be for the account that the profile was
 * given for; the SDK's own, without a profile, are for whichever of the two accounts they belong to.
 *
 * @throws InputError if none work, they belong to another account, or it is unknown which account delivers
 */
export async function accountsOf(given: Given): Promise<AccountsToRead> {
  const { event, serviceProfile, customerProfile } = given;
  const customerId = event.inbox.accountId;
  const roleId = parseArn(given.deliveryRoleArn ?? '')?.accountId;
  const of = (profile?: string) => identify({ ...given.access, profile }, given.region);

  const ofService = serviceProfile === undefined ? undefined : await of(serviceProfile);
  const ofCustomer = customerProfile === undefined ? undefined : await of(customerProfile);
  if (ofService && roleId !== undefined)
    mustBe(ofService, roleId, '--service-profile', `the delivery role ${given.deliveryRoleArn} is in`);
  if (ofCustomer) mustBe(ofCustomer, customerId, '--customer-profile', "the event's inbox.accountId is");

  const others = ofService && ofCustomer ? undefined : await of();
  const service = ofService ?? (others && isService(others, roleId, customerId) ? others : undefined);
  const customer = ofCustomer ?? (others?.accountId === customerId ? others : undefined);
  if (!service && !customer) throw new InputError(noneFits(others, roleId, customerId));
  const serviceId = service?.accountId ?? roleId;
  if (serviceId === undefined) throw new InputError(whoDelivers(customerId));
  return { service: credited(serviceId, service), customer: credited(customerId, customer) };
}

function credited(accountId: string, identified: Identified | undefined): Credited {
  if (!identified) return { accountId };
  const { clients, arn, region } = identified;
  return { accountId, clients, arn, ...(region !== undefined && { region }) };
}

function isService({ accountId }: Identified, roleId: string | undefined, customerId: string): boolean {
  return roleId === undefined ? accountId !== customerId : accountId === roleId;
}

function mustBe({ accountId, arn }: Identified, expected: string, option: string, because: string): void {
  if (accountId === expected) return;
  throw new InputError(
    `${option}: its credentials are of account ${accountId} (${arn}), and ${because} ${expected}. Name a profile of account ${expected}.`,
  );
}

function noneFits(found: Identified | undefined, roleId: string | undefined, customerId: string): string {
  const wanted = roleId === undefined ? `the service's account or ${customerId}` : `${roleId} or ${customerId}`;
  const problem = found
    ? `The AWS credentials are of account ${found.accountId} (${found.arn}), which is neither of the two.`
    : 'There are no AWS credentials.';
  return `${problem} Allowed: credentials of ${wanted}, to read with. Name profiles with --service-profile and --customer-profile, or set AWS_PROFILE.`;
}

function whoDelivers(customerId: string): string {
  return (
    `Which role delivers? There are credentials of the customer's account ${customerId} only, and the event does not say. ` +
    'Set deliveryRoleArn in the event or DELIVERY_ROLE_ARN: it is the parameter DeliveryRoleArn of the customer’s stack.'
  );
}

export interface Identified {
  readonly accountId: string;
  /** The caller: `arn:aws:sts::111111111111:assumed-role/ReadOnly/somebody` */
  readonly arn: string;
  /** The Region in the profile or the environment. */
  readonly region?: string;
  readonly clients: AccountClients;
}

/** @returns undefined if there are no credentials at all */
export async function identify(access: Access, region: string | undefined): Promise<Identified | undefined> {
  const clients = new AccountClients(access);
  const of = access.profile === undefined ? 'The AWS credentials' : `The credentials of the profile ${access.profile}`;
  const configured =
    region ??
    (await clients
      .sts()
      .config.region()
      .catch(() => undefined));
  // STS is in every Region, with the same answer.
  const sts = clients.sts(configured ?? 'us-east-1');
  try {
    await sts.config.credentials();
  } catch (error) {
    clients.destroy();
    if (access.profile === undefined) return undefined;
    throw new InputError(`${of} cannot be had: ${answeredByAws(error).message}`);
  }
  try {
    const { Account: accountId = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { accountId, arn, clients, ...(configured !== undefined && { region: configured }) };
  } catch (error) {
    clients.destroy();
    const { name, message, status } = answeredByAws(error);
    if (status === undefined)
      throw new InputError(`AWS could not be asked whose credentials these are: ${message}. Try again.`);
    throw new InputError(`${of} do not work: ${message} (${name}). Sign in again, or name another profile.`);
  }
}
