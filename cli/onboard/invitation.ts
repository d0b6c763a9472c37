import { partitionOf } from '../../core/arn.ts';
import { shellWord } from '../../core/printable.ts';
import type { MessagePart } from './customer-message.ts';

export interface Invitation {
  readonly customer: string;
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The URL of the template, for a customer who has no copy. */
  readonly templateUrl?: string;
  /** Opens the customer's console with everything filled in. Absent if the template has no URL. */
  readonly link?: string;
  /** The same as a shell command, with the template as a file. */
  readonly deployCommand: readonly string[];
  /** Prints the values that the service then needs. */
  readonly outputsCommand: readonly string[];
}

type Invited = Omit<Invitation, 'link' | 'deployCommand' | 'outputsCommand'>;

export function messageOfInvitation(invitation: Invitation): readonly MessagePart[] {
  const { accountId, region, link, deployCommand, outputsCommand, stackName } = invitation;
  return [
    { text: `Please deploy this stack in your account ${accountId}, in ${region}.` },
    ...(link === undefined
      ? [{ text: 'With the template secure-inbox.yaml that we send you, in a shell:' }]
      : [
          { text: 'This link opens the CloudFormation console with everything filled in:' },
          { link },
          { text: 'Or, with the template as a file, in a shell:' },
        ]),
    { command: asCommand(deployCommand) },
    {
      text: `When the stack ${stackName} is complete, send us the file that this command writes. It contains no secrets.`,
    },
    { command: asCommand(outputsCommand) },
  ];
}

function asCommand(parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}

/** @param templateFile the customer's path of the template */
export function invitationOf(invited: Invited, templateFile: string): Invitation {
  const link = quickCreateLink(invited);
  const { stackName, region, parameters } = invited;
  return {
    ...invited,
    ...(link !== undefined && { link }),
    deployCommand: [
      'aws cloudformation deploy',
      `--template-file ${shellWord(templateFile)}`,
      `--stack-name ${shellWord(stackName)}`,
      `--region ${shellWord(region)}`,
      // The template can create a role for the customer's readers.
      '--capabilities CAPABILITY_IAM',
      '--parameter-overrides',
      ...Object.entries(parameters).map(([name, value]) => `  ${shellWord(`${name}=${value}`)}`),
    ],
    outputsCommand: [
      'aws cloudformation describe-stacks',
      `--stack-name ${shellWord(stackName)}`,
      `--region ${shellWord(region)}`,
      `> ${shellWord(`${invited.customer}-outputs.json`)}`,
    ],
  };
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html; other partitions have no public console. */
const consoles: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html */
function quickCreateLink({ region, templateUrl, stackName, parameters }: Invited): string | undefined {
  const domain = consoles[partitionOf(region)];
  if (templateUrl === undefined || domain === undefined) return undefined;
  const query = [
    ['templateURL', templateUrl],
    ['stackName', stackName],
    ...Object.entries(parameters).map(([name, value]) => [`param_${name}`, value]),
  ].map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`);
  return `https://${region}.${domain}/cloudformation/home?region=${region}#/stacks/create/review?${query.join('&')}`;
}
