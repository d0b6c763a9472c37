import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { InputError } from '../../model/text/input-error.ts';
import type { Access } from './access.ts';
import { answeredByAws } from './ask.ts';
import { AccountClients } from './clients.ts';

export interface Identified {
  readonly accountId: string;
  /** Who asks: `arn:aws:sts::111111111111:assumed-role/ReadOnly/somebody` */
  readonly arn: string;
  /** Of the profile or the environment. */
  readonly region?: string;
  readonly clients: AccountClients;
}

/** @returns undefined where there are no credentials at all */
export async function identify(access: Access, region: string | undefined): Promise<Identified | undefined> {
  const clients = new AccountClients(access);
  const of = access.profile === undefined ? 'The AWS credentials' : `The credentials of the profile ${access.profile}`;
  const configured =
    region ??
    (await clients
      .sts()
      .config.region()
      .catch(() => undefined));
  // STS is everywhere, and answers the same.
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
