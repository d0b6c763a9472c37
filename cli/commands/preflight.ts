import { type Command, InvalidArgumentError, Option } from 'commander';
import { defined } from '../../core/values.ts';
import type { Told } from '../../model/preflight/document-set.ts';
import { type SlotName, slotNames, slots } from '../../model/preflight/slots.ts';
import type { CommandModule } from '../command.ts';
import { exitStatusHelp } from '../exit-status.ts';
import { declareReportFiles, type ReportFiles } from '../output-files.ts';
import type { PreflightInput } from '../preflight/preflight-inputs.ts';
import { withProgress } from '../progress.ts';

export interface PreflightOptions extends ReportFiles, Omit<Told, 'restrictPublicBuckets'> {
  readonly event?: readonly string[];
  readonly scenario?: readonly string[];
  readonly inboxTemplate?: readonly string[];
  readonly restrictPublicBuckets?: 'yes' | 'no';
  readonly parameter?: Readonly<Record<string, string>>;
  readonly import?: Readonly<Record<string, string>>;
  readonly stackName?: string;
  readonly expect?: true;
  readonly sarif?: string;
  readonly fix?: string;
  readonly force?: true;
  readonly watch?: true;
  readonly open?: true;
  readonly accessAnalyzer?: true;
  readonly profile?: string;
  readonly region?: string;
  readonly json?: true;
  readonly color: boolean;
  /** The policies, each keyed by the name of its option. */
  readonly [policy: string]: unknown;
}

const examples = `
Makes no AWS calls without --access-analyzer, and deploys nothing. The shipped templates fill in what no file defines. The
first lines show what each file was recognized as.

Examples:
  secure-inbox preflight                                     the files in this folder, recognized by content
  secure-inbox preflight examples/acme                       a customer's folder; one folder per customer
  secure-inbox preflight --bucket-policy examples/acme/bucket-policy.json --event examples/acme/event.json
  secure-inbox preflight --inbox-template examples/own-template.yaml --parameter BucketName=acme-reports
  secure-inbox preflight --service-control-policy examples/region-policy.json
                                                             would this break deliveries?
  secure-inbox preflight examples/acme --fix fixed           write fixed documents to a folder
  secure-inbox preflight examples/acme --watch               run again whenever a file changes
  secure-inbox preflight examples/acme --open                the same on a page in your browser
  secure-inbox preflight --scenario scenarios/key-policy/silent.yaml
`;

export const preflightCommand: CommandModule = {
  declare(command) {
    command
      .argument('[path...]', "folders, each with a customer's documents; or files of one customer")
      .addOption(
        new Option('--event <file>', 'a test event as JSON or YAML, - for stdin; repeatable').argParser(oneMore),
      );
    for (const slot of slotNames) command.addOption(policyOption(slot));
    command
      .addOption(
        new Option(
          '--inbox-template <file>',
          "the customer's own CloudFormation template, YAML or JSON; repeatable for stacks side by side",
        ).argParser(oneMore),
      )
      .addOption(
        new Option('--parameter <name=value>', 'a parameter of the template; repeatable').argParser(nameAndValue),
      )
      .addOption(
        new Option(
          '--import <name=value>',
          'a value from outside the template: an export, a {{resolve:…}}, or Resource.Attribute; repeatable',
        ).argParser(nameAndValue),
      )
      .option('--stack-name <name>', "name of the template's stack")
      .option('--source-ip <address>', "source IP address of the service's requests")
      .option('--vpc-endpoint <id>', "VPC endpoint that the service's requests go through")
      .option('--vpc <id>', 'VPC of that endpoint; --source-ip is then an address in it')
      .option('--service-organization <id>', "organization of the service's account")
      .option('--service-organization-path <path>', 'its path there: o-…/r-…/ou-…/')
      .option('--customer-organization <id>', "organization of the customer's account")
      .option('--customer-organization-path <path>', 'its path there: o-…/r-…/ou-…/')
      .option('--scp-replaces-full-access', 'FullAWSAccess is not attached beside --service-control-policy')
      .addOption(
        new Option(
          '--restrict-public-buckets <answer>',
          "whether Block Public Access of the customer's bucket or account restricts public buckets",
        ).choices(['yes', 'no']),
      )
      .addOption(new Option('--scenario <file>', 'both accounts from a scenario file; repeatable').argParser(oneMore))
      .option('--expect', 'exit with 0 if each result is the one its scenario expects')
      .addOption(new Option('--fix <dir>', 'write fixed copies of the documents to this folder').conflicts('watch'))
      .option('--force', 'let --fix replace existing files')
      .addOption(new Option('--watch', 'run again whenever a file changes, until Ctrl-C').conflicts('expect'))
      .addOption(
        new Option(
          '--open',
          'show the documents on a page in your browser, which follows the files until Ctrl-C',
        ).conflicts(['expect', 'fix', 'watch', 'json', 'html', 'junit', 'sarif', 'accessAnalyzer']),
      )
      .option('--access-analyzer', 'also validate the policies with IAM Access Analyzer, with your AWS credentials')
      .option('--profile <name>', 'AWS profile for --access-analyzer (default: AWS_PROFILE)')
      .option('--region <name>', 'AWS Region for --access-analyzer (default: AWS_REGION)')
      .option('--json', 'print only the reports, as JSON, on stdout');
    declareReportFiles(command);
    command.option('--sarif <file>', 'also write the faults as SARIF, which shows each on its line in a pull request');
    command.addHelpText('after', `${examples}\n${exitStatusHelp()}`);
  },

  async run(command: Command, surroundings) {
    const options = command.optsWithGlobals<PreflightOptions>();
    const given = inputOf(options, command.args);
    const { validTold } = await import('../../model/preflight/stated-facts.ts');
    const input = { ...given, told: validTold(given.told) };
    if (options.open) {
      const { openPage } = await import('../page/open-page.ts');
      return withProgress(surroundings, (progress) => openPage(input, surroundings, progress));
    }
    // Loads the sandbox only now, so that help and usage errors are fast.
    const { runPreflight } = await import('../preflight/run-preflight.ts');
    return withProgress(surroundings, (progress) => runPreflight(input, options, surroundings, progress));
  },
};

function policyOption(slot: SlotName): Option {
  const { option, several, title } = slots[slot];
  return new Option(`--${option} <file${several ? '...' : ''}>`, several ? `${title}; may be several` : title);
}

function inputOf(options: PreflightOptions, paths: readonly string[]): PreflightInput {
  const given = slotNames.flatMap((slot) => {
    const value = options[policyOption(slot).attributeName()];
    return value === undefined ? [] : [[slot, [value].flat() as string[]] as const];
  });
  return {
    paths,
    events: options.event ?? [],
    scenarios: options.scenario ?? [],
    policies: Object.fromEntries(given),
    templates: options.inboxTemplate ?? [],
    deployment: {
      parameters: options.parameter ?? {},
      imports: options.import ?? {},
      stackName: options.stackName,
    },
    told: toldBy(options),
  };
}

function toldBy(options: PreflightOptions): Told {
  const { sourceIp, vpcEndpoint, vpc, scpReplacesFullAccess } = options;
  const { serviceOrganization, serviceOrganizationPath, customerOrganization, customerOrganizationPath } = options;
  return defined({
    sourceIp,
    vpcEndpoint,
    vpc,
    serviceOrganization,
    serviceOrganizationPath,
    customerOrganization,
    customerOrganizationPath,
    scpReplacesFullAccess,
    restrictPublicBuckets: options.restrictPublicBuckets && options.restrictPublicBuckets === 'yes',
  });
}

/** Collects one more value. A file after it is not part of the option; its content shows what it is. */
function oneMore(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function nameAndValue(text: string, earlier: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  // Neither a dynamic reference nor an export's name contains an equals sign.
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Allowed: NAME=VALUE, such as BucketName=acme-reports.');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}
