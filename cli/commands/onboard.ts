import { type Command, Option } from 'commander';
import { printable } from '../../core/printable.ts';
import type { Report } from '../../core/report.ts';
import { defaults } from '../../model/world/default-names.ts';
import { calledAs } from '../called-as.ts';
import { type CommandModule, type CommandSurroundings, jsonText } from '../command.ts';
import { type ExitStatus, exitStatusOf } from '../exit-status.ts';
import { waitOf } from '../input/duration.ts';
import {
  type MessagePart,
  messageAsText,
  messageForCustomer,
  messageWithoutReport,
} from '../onboard/customer-message.ts';
import { shippedTemplate } from '../onboard/customer-template.ts';
import { type Invitation, messageOfInvitation } from '../onboard/invitation.ts';
import type { Onboarded } from '../onboard/onboard.ts';
import { accountsInAws, type OnboardAccounts } from '../onboard/onboard-accounts.ts';
import {
  nextCommandOf,
  type OnboardOptions,
  parametersOf,
  refuseContradictions,
  refuseMalformed,
} from '../onboard/onboard-options.ts';
import { ensureWritable, htmlPage, writeOutput } from '../output-files.ts';
import { type PageInput, serviceOf } from '../page/page-input.ts';
import { type Progress, withProgress } from '../progress.ts';
import type { JobOutcome } from '../run/job.ts';
import { renderInvitation, renderRegistration } from '../views/terminal/onboard.ts';
import { type Page, pageOn } from '../views/terminal/page.ts';
import { renderOutcome } from '../views/terminal/report.ts';

const usualWait = '5m';

const help = `
Without --outputs or --from-stack, prints what the customer must deploy, with the service stack's values filled in. With
either, registers the customer, runs the first check, and prints a message for the customer.

Examples:
  secure-inbox onboard --customer acme --account 222222222222 --region us-east-1 --prefix reports/
                                                 what the customer must deploy
  secure-inbox onboard --customer acme --account 222222222222 --region us-east-1 --outputs acme-outputs.json --wait
                                                 register and check
  secure-inbox onboard --customer acme --account 222222222222 --region us-east-1 --from-stack secure-inbox \\
    --customer-profile acme                      the same, with the customer's credentials
  secure-inbox onboard --customer acme --account 222222222222 --region us-east-1 --from-stack secure-inbox --sandbox
                                                 a rehearsal, without an AWS account

Exit status:
  0  passed, or no check was requested
  1  denied or misconfigured; the registration stays
  2  usage or invalid input, or AWS refused: nothing was registered
  3  inconclusive: the check could not be completed; the registration stays
`;

export const onboardCommand: CommandModule = {
  declare(command) {
    command
      .requiredOption('--customer <name>', "the service's name for the customer")
      .requiredOption('--account <id>', "the customer's AWS account")
      .requiredOption('--region <name>', 'the AWS Region of the Secure Inbox')
      .option('--prefix <folder/>', "the prefix to deliver to (default: the template's, reports/)")
      .option('--stack-name <name>', "suggested name for the customer's stack", defaults.customerStackName)
      .option('--parameter <name=value...>', 'other parameters of cloudformation/secure-inbox.yaml')
      .option('--template-url <url>', "the template's address in S3, for a one-click launch link")
      .option('--outputs <file>', "the outputs of the customer's stack, as JSON or YAML, - for stdin")
      .option('--from-stack <name>', "read the outputs from the customer's stack")
      .option('--customer-profile <name>', 'AWS profile for --from-stack')
      .option('--service-stack <name>', "name of the service's stack", defaults.serviceStackName)
      .option('--service-profile <name>', "AWS profile for the service's account (default: AWS_PROFILE)")
      .option('--service-region <name>', 'AWS Region of the service (default: AWS_REGION)')
      .option('--delivery-role-arn <arn>', "override the service stack's output")
      .option('--internal-bucket <name>', "override the service stack's output")
      .option('--service-key-arn <arn>', "override the service stack's output")
      .option('--registry <bucket>', "override the service stack's output")
      .option('--replace', "replace this customer's registration")
      .option('--dry-run', 'show what would be registered without writing it')
      .option('--no-check', 'register only')
      .option('--wait [duration]', `retry a denial for this long (default: ${usualWait})`)
      .option('--function <name>', 'the deployed check', 'customer_configuration_check')
      .addOption(new Option('--local', 'run the check on this machine, with your AWS credentials'))
      .option('--sandbox', 'run everything in a simulation of both accounts')
      .option('--html <file>', 'also write what to tell the customer as a page to send')
      .option('--page <file>', 'also write the page on which the customer checks documents in a browser')
      .option('--json', 'print only the outcome, as JSON, on stdout')
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<OnboardOptions>();
    return withProgress(surroundings, (progress) => run(options, surroundings, progress));
  },
};

async function run(
  options: OnboardOptions,
  surroundings: CommandSurroundings,
  progress: Progress,
): Promise<ExitStatus> {
  refuseMalformed(options);
  refuseContradictions(options);
  const waitMs = waitOf(options, usualWait);
  const parameters = parametersOf(options);
  if (options.html !== undefined) await ensureWritable(options.html, htmlPage('--html'));
  if (options.page !== undefined) await ensureWritable(options.page, htmlPage('--page'));
  const template = shippedTemplate();
  const { stdin, stdout, env } = surroundings;
  const page = pageOn(surroundings, options);
  const accounts = await accountsFor(options, parameters, surroundings, progress);
  try {
    if (options.outputs === undefined && options.fromStack === undefined) {
      const { invite } = await import('../onboard/invite.ts');
      const { invitation, notes } = await invite(options, accounts, template);
      const nextCommand = nextCommandOf(options).map((part) => calledAs(part, surroundings.env));
      await writePage(options, messageOfInvitation(invitation), progress);
      await writeCheckPage(options, ofInvitation(invitation), progress);
      progress.end();
      stdout.write(
        options.json
          ? jsonText({ ...invitation, notes, nextCommand: nextCommand.join(' ') })
          : renderInvitation(invitation, { templateFile: template.file, notes, nextCommand }, page),
      );
      return 0;
    }
    const { onboard: go } = await import('../onboard/onboard.ts');
    const onboarded = await go({
      options,
      accounts,
      shippedVersion: template.version,
      stdin,
      env,
      progress,
      ...(waitMs !== undefined && { waitMs }),
    });
    const report = reportIn(onboarded.outcome);
    const message = report ? messageForCustomer(report, onboarded.event) : messageWithoutReport;
    if (onboarded.outcome) await writePage(options, message, progress);
    await writeCheckPage(options, await ofEvent(onboarded.event), progress);
    progress.end();
    return tell(onboarded, message, options, surroundings, page);
  } finally {
    await accounts.end();
  }
}

async function accountsFor(
  options: OnboardOptions,
  parameters: Readonly<Record<string, string>>,
  { env }: CommandSurroundings,
  progress: Progress,
): Promise<OnboardAccounts> {
  if (!options.sandbox) return accountsInAws(options, env);
  const { accountsInSandbox } = await import('../onboard/accounts-in-sandbox.ts');
  const { fromStack, stackName } = options;
  return accountsInSandbox({ ...options, stackName: fromStack ?? stackName, parameters }, progress);
}

async function writePage(
  { html, customer }: OnboardOptions,
  message: readonly MessagePart[],
  progress: Progress,
): Promise<void> {
  if (html === undefined) return;
  const { renderForCustomer } = await import('../views/html/page.ts');
  await writeOutput(html, htmlPage('--html'), renderForCustomer(`Secure Inbox of ${customer}`, message, new Date()));
  progress.stage(`The page for ${customer} is in ${html}.`);
}

async function writeCheckPage({ page }: OnboardOptions, input: PageInput, progress: Progress): Promise<void> {
  if (page === undefined) return;
  const { writePage: write } = await import('../page/customer-page.ts');
  progress.stage((await write(page, '--page', input, progress)).trimEnd());
}

function ofInvitation({ customer, accountId, region, parameters }: Invitation): PageInput {
  const { DeliveryRoleArn, SenderInternalBucketName, SenderKeyArn, Prefix: prefix } = parameters;
  return {
    everything: false,
    known: { customer, accountId, region, ...(prefix !== undefined && { prefix }) },
    service: serviceOf({
      deliveryRoleArn: DeliveryRoleArn,
      internalBucket: SenderInternalBucketName,
      serviceKeyArn: SenderKeyArn,
    }),
  };
}

async function ofEvent(event: unknown): Promise<PageInput> {
  const { parseSource } = await import('../../model/text/document.ts');
  return { everything: false, event: parseSource(JSON.stringify(event), 'the registered event') };
}

function reportIn(outcome: JobOutcome | undefined): Report | undefined {
  return outcome?.answer.kind === 'reports' ? outcome.answer.reports[0] : undefined;
}

function tell(
  { registered, event, notes, outcome }: Onboarded,
  message: readonly MessagePart[],
  options: OnboardOptions,
  { stdout, stderr }: CommandSurroundings,
  page: Page,
): ExitStatus {
  const report = reportIn(outcome);
  const words = messageAsText(message);
  const status = registered.outcome === 'not-replaced' ? 2 : statusOf(outcome);
  if (options.json) {
    const error = outcome && outcome.answer.kind !== 'reports' ? outcome.answer.message : undefined;
    const told = { ...(report && { report }), ...(error && { error }), ...(report && { tellCustomer: words }) };
    stdout.write(jsonText({ ...registered, notes, event, ...told }));
    return status;
  }
  const output = status === 2 ? stderr : stdout;
  output.write(renderRegistration(registered, { notes, event }, page));
  if (!outcome) return status;
  const view = { verbose: false, several: false };
  if (!report) stderr.write(renderOutcome(outcome, page, view));
  else stdout.write(`\n${renderOutcome(outcome, page, view)}`);
  // Separates a multi-line message, which is to be pasted into an email.
  const gap = words.includes('\n') ? '\n\n' : ' ';
  stdout.write(`\n${printable(`Tell ${event.customer}:${gap}${words}`)}\n`);
  return status;
}

function statusOf(outcome: JobOutcome | undefined): ExitStatus {
  if (!outcome) return 0;
  const { answer } = outcome;
  // A registered event that is valid here but that the function rejects is a problem of the function.
  return answer.kind === 'reports' ? exitStatusOf(answer.reports.map(({ verdict }) => verdict)) : 3;
}
