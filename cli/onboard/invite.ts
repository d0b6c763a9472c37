import { defined } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { type CustomerTemplate, refuseParameters } from './customer-template.ts';
import { type Invitation, invitationOf } from './invitation.ts';
import type { OnboardAccounts } from './onboard-accounts.ts';
import { type OnboardOptions, optionOf, parametersOf } from './onboard-options.ts';
import { required, type ServiceValues, serviceSide, statedValues } from './service-side.ts';

interface SentInvitation {
  readonly invitation: Invitation;
  readonly notes: readonly string[];
}

/**
 * The stack that a customer must deploy, with the service's values.
 *
 * @throws InputError if a value is unknown, or CloudFormation would reject it
 */
export async function invite(
  options: OnboardOptions,
  accounts: OnboardAccounts,
  template: CustomerTemplate,
): Promise<SentInvitation> {
  const { customer, account, region, prefix, stackName, templateUrl, serviceStack } = options;
  const given = parametersOf(options);
  const service = await valuesOf(options, accounts);
  // CloudFormation can only use topics in the stack's own Region.
  const checkTopicArn = service.region === region ? service.checkTopicArns?.[account] : undefined;
  const senderKey = given['SenderKeyArn'] ?? senderKeyFor(region, service);
  const parameters = {
    CustomerName: customer,
    DeliveryRoleArn: required(service, 'deliveryRoleArn', serviceStack),
    ...defined({ MoreDeliveryRoleArns: service.furtherDeliveryRoleArns }),
    SenderInternalBucketName: required(service, 'internalBucket', serviceStack),
    ...defined({ SenderKeyArn: senderKey, Prefix: prefix, CheckTopicArn: checkTopicArn }),
    ...given,
  };
  refuseParameters(template, { name: stackName, accountId: account, region, parameters }, optionOf);
  const invited = { customer, accountId: account, region, stackName, parameters, ...defined({ templateUrl }) };
  return { invitation: invitationOf(invited, 'secure-inbox.yaml'), notes: notesOn(region, service) };
}

/** If options give all values, no credentials are needed. */
async function valuesOf(options: OnboardOptions, accounts: OnboardAccounts): Promise<ServiceValues> {
  const stated = statedValues(options);
  if (stated.deliveryRoleArn !== undefined && stated.internalBucket !== undefined && !accounts.inSandbox) return stated;
  const { account, ...service } = await serviceSide(accounts, options, false);
  account.clients.destroy();
  return service;
}

/**
 * S3 only uses keys in the bucket's own Region, so a report for another Region can't be staged with the customer's key.
 *
 * @throws InputError if the service's key is unknown
 */
function senderKeyFor(customerRegion: string, { region, serviceKeyArn }: ServiceValues): string | undefined {
  if (region === undefined || region === customerRegion) return undefined;
  if (serviceKeyArn !== undefined) return serviceKeyArn;
  throw new InputError(
    `--service-key-arn: is not known. The service is in ${region} and the customer in ${customerRegion}: there, reports wait under the service's own key. Give its ARN (the output ServiceKeyArn of the service's stack).`,
  );
}

function notesOn(customerRegion: string, { region }: ServiceValues): readonly string[] {
  if (region !== undefined) return [];
  return [
    `Nothing says in which Region the service is; it is taken to be ${customerRegion} too. If it is another one, give --service-key-arn.`,
  ];
}
