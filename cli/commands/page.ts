import { type Command, Option } from 'commander';
import { arnExamples } from '../../core/arn.ts';
import { defined } from '../../core/values.ts';
import type { CommandModule } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { refuseMalformed } from '../onboard/onboard-options.ts';
import { type PageInput, serviceOf } from '../page/page-input.ts';
import { withProgress } from '../progress.ts';

interface PageOptions {
  readonly customer?: string;
  readonly account?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly deliveryRoleArn?: string;
  readonly internalBucket?: string;
  readonly serviceKeyArn?: string;
  readonly event?: string;
  readonly everything?: true;
  readonly output: string;
}

const help = `
Makes no AWS calls. The page checks documents in the customer's browser, offline; send it as a file. What you fill in is true there
whatever the documents say: with --delivery-role-arn or --event the page finds a policy that names another role.

Examples:
  secure-inbox page --event examples/event.json --output acme.html
  secure-inbox page --customer acme --account 222222222222 --region eu-central-1 \\
    --delivery-role-arn ${arnExamples.role} --output acme.html
  secure-inbox page --everything --output playground.html    both accounts, to try things in

Exit status:
  0  written
  2  usage or invalid input
`;

const besideEvent = ['customer', 'account', 'region', 'prefix', 'deliveryRoleArn', 'internalBucket', 'serviceKeyArn'];

export const pageCommand: CommandModule = {
  declare(command) {
    command
      .option('--customer <name>', "the service's name for the customer")
      .option('--account <id>', "the customer's AWS account")
      .option('--region <name>', 'the AWS Region of the Secure Inbox')
      .option('--prefix <folder/>', "the prefix to deliver to (default: the template's, reports/)")
      .option('--delivery-role-arn <arn>', "the service's role that delivers (default: the one the documents name)")
      .option('--internal-bucket <name>', "the service's internal bucket")
      .option('--service-key-arn <arn>', "the service's own key, if reports wait under it")
      .addOption(
        new Option('--event <file>', 'all of that from a test event, as JSON or YAML, - for stdin').conflicts(
          besideEvent,
        ),
      )
      .option('--everything', "let the service's documents be edited too: a playground for both accounts")
      .requiredOption('--output <file>', 'the HTML file to write')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<PageOptions>();
    refuseMalformed(options);
    const { writePage } = await import('../page/customer-page.ts');
    return withProgress(surroundings, async (progress): Promise<ExitStatus> => {
      const { stdin, stdout } = surroundings;
      const { readSource } = await import('../input/read-source.ts');
      const event = options.event === undefined ? undefined : await readSource(options.event, stdin);
      const told = await writePage(options.output, '--output', inputOf(options, event), progress);
      progress.end();
      stdout.write(told);
      return 0;
    });
  },
};

function inputOf(options: PageOptions, event: PageInput['event']): PageInput {
  const { customer, account, region, prefix, deliveryRoleArn, internalBucket, serviceKeyArn, everything } = options;
  return {
    everything: everything === true,
    ...(event && { event }),
    known: defined({ customer, accountId: account, region, prefix }),
    service: serviceOf({ deliveryRoleArn, internalBucket, serviceKeyArn }),
  };
}
