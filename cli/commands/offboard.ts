import type { Command } from 'commander';
import { jsonOrNothing, objectAt, textAt } from '../../core/json.ts';
import { registryKeyOf } from '../../core/object-keys.ts';
import { defined } from '../../core/values.ts';
import { InputError } from '../../model/text/input-error.ts';
import { defaults } from '../../model/world/default-names.ts';
import { type CommandModule, type CommandSurroundings, isTyped, jsonText, unlessInterrupted } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { type Found, offboard as remove } from '../onboard/offboard.ts';
import { accountsInAws } from '../onboard/onboard-accounts.ts';
import { refuseMalformed } from '../onboard/onboard-options.ts';
import type { ServiceOptions } from '../onboard/service-side.ts';
import { type Leftovers, renderRemoved } from '../views/terminal/onboard.ts';
import { pageOn } from '../views/terminal/page.ts';

interface OffboardOptions extends ServiceOptions {
  readonly customer: string;
  readonly serviceProfile?: string;
  readonly stackName: string;
  readonly yes?: true;
  readonly json?: true;
  readonly color: boolean;
}

const help = `
Removes the customer's registration, so that the health check skips the customer. Changes nothing in the customer's
account. The bucket keeps the previous version, and the command prints how to restore it.

Examples:
  secure-inbox offboard --customer acme          asks you to type the name
  secure-inbox offboard --customer acme --yes    does not ask

Exit status:
  0  removed
  2  usage or invalid input, not confirmed, or AWS refused: nothing was removed
`;

export const offboardCommand: CommandModule = {
  declare(command) {
    command
      .requiredOption('--customer <name>', 'the name that the customer is registered under')
      .option('--yes', 'remove it without asking')
      .option('--service-stack <name>', "name of the service's stack", defaults.serviceStackName)
      .option('--service-profile <name>', "AWS profile for the service's account (default: AWS_PROFILE)")
      .option('--service-region <name>', 'AWS Region of the service (default: AWS_REGION)')
      .option('--registry <bucket>', "override the service stack's output")
      .option('--stack-name <name>', "name of the customer's stack", defaults.customerStackName)
      .option('--json', 'print only what was removed, as JSON, on stdout')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<OffboardOptions>();
    return unlessInterrupted(surroundings.interrupted, run(options, surroundings));
  },
};

async function run(options: OffboardOptions, surroundings: CommandSurroundings): Promise<ExitStatus> {
  refuseMalformed(options);
  const { customer, yes, json, stackName, serviceProfile } = options;
  const { stdin, stdout, env } = surroundings;
  if (!yes && !stdin.isTTY) {
    throw new InputError(
      `--yes is missing, and there is no terminal to ask on. Add it to remove ${registryKeyOf(customer)} without confirmation.`,
    );
  }
  const accounts = accountsInAws(serviceProfile === undefined ? {} : { serviceProfile }, env);
  const removed = await remove(
    customer,
    accounts,
    options,
    async (found) => yes === true || confirmed(found, surroundings),
  );
  if (!removed) {
    throw new InputError(`The name typed is not ${customer}. Nothing was removed. Type the name exactly as shown.`);
  }
  const leftovers: Leftovers = { ...inboxIn(removed.text), stackName };
  const page = pageOn(surroundings, options);
  stdout.write(json ? jsonText(removed) : renderRemoved(removed, leftovers, page));
  return 0;
}

/** If the wrong customer is removed, no one notices until the checks are missed. */
function confirmed({ customer, bucket, key }: Found, surroundings: CommandSurroundings): Promise<boolean> {
  const question = `This removes s3://${bucket}/${key}. Type the customer's name to confirm: `;
  return isTyped(customer, question, surroundings);
}

/** The registration may be malformed. */
function inboxIn(text: string): Omit<Leftovers, 'stackName'> {
  const inbox = objectAt(jsonOrNothing(text), 'inbox');
  const stated = ['accountId', 'region', 'bucket', 'kmsKeyArn'].map((name) => [name, textAt(inbox, name)]);
  return defined(Object.fromEntries(stated));
}
