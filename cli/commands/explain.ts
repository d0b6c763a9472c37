import type { Command } from 'commander';
import { arnExamples } from '../../core/arn.ts';
import { counted } from '../../core/printable.ts';
import { InputError } from '../../model/text/input-error.ts';
import { calledAs } from '../called-as.ts';
import { type CommandModule, type CommandSurroundings, jsonText, unlessInterrupted } from '../command.ts';
import type { ExitStatus } from '../exit-status.ts';
import { type GivenText, givenText } from '../input/given-text.ts';
import { renderExplanations } from '../views/terminal/explanation.ts';
import { pageOn } from '../views/terminal/page.ts';

interface ExplainOptions {
  readonly deliveryRole?: string;
  readonly json?: true;
  readonly color: boolean;
}

const help = `
Explains error messages from S3, KMS, STS and IAM, as SDKs, command lines, logs and browsers show them; CloudTrail events
from log files, lookup-events, EventBridge, CloudWatch Logs, Athena, CSV or YAML, even if truncated; S3 server access
logs; failure events of S3 Replication; decoded authorization messages; and reports of the check. Repeated denials are merged; the first 20 are shown in full.

Examples:
  secure-inbox explain "An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied"
  secure-inbox explain examples/access-denied.txt
  secure-inbox explain -- "--- text that begins with a dash"
  aws s3 cp report.pdf s3://inbox/ 2>&1 | secure-inbox explain
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=GenerateDataKey | secure-inbox explain
  pbpaste | secure-inbox explain --json | jq .denial

Exit status:
  0  the text was read and explained
  2  usage, or nothing to read: no such file, an empty file, or no text
`;

export const explainCommand: CommandModule = {
  declare(command) {
    command
      .argument('[text...]', "a file's path, the text itself in quotes, or - for stdin (default: stdin)")
      .option('--delivery-role <arn>', 'the role that delivers reports, if its name does not show it')
      .option('--json', "print only the first denial, as JSON like an entry of a report's diagnoses, on stdout")
      .addHelpText('after', help);
  },

  async run(command: Command, surroundings) {
    const { stdin, stderr, interrupted } = surroundings;
    if (stdin.isTTY && command.args.length === 0) command.help({ error: true });
    if (stdin.isTTY && command.args.join() === '-') stderr.write('Paste the text, then press Ctrl-D.\n');
    const given = await unlessInterrupted(interrupted, givenText(command.args, stdin));
    return explainTo(surroundings, given, command.optsWithGlobals<ExplainOptions>());
  },
};

async function explainTo(
  surroundings: CommandSurroundings,
  { name, text, mayBePath }: GivenText,
  { json, color, deliveryRole }: ExplainOptions,
): Promise<ExitStatus> {
  const { stdout, stderr } = surroundings;
  if (deliveryRole !== undefined && !/^arn:[^:]+:(?:iam|sts)::\d{12}:(?:role|assumed-role)\/./.test(deliveryRole)) {
    throw new InputError(`--delivery-role: ${deliveryRole}. Allowed: the ARN of a role, like ${arnExamples.role}.`);
  }
  const { explanationsOf } = await import('../explain/explanations.ts');
  const explanations = await unlessInterrupted(surroundings.interrupted, explanationsOf(text, { deliveryRole }));
  if (mayBePath && explanations.kind === 'not-understood') {
    throw new InputError(`${text}: is neither a file nor a message of AWS that is known here.`);
  }
  if (!json) {
    const page = pageOn(surroundings, { color });
    stdout.write(calledAs(renderExplanations(explanations, page), surroundings.env));
    return 0;
  }
  const denials = explanations.kind === 'denials' ? explanations.denials : [explanations];
  stdout.write(jsonText(denials[0]?.diagnosis));
  const others = denials.length - 1 + (explanations.kind === 'denials' ? explanations.unread : 0);
  if (others > 0) {
    stderr.write(`${name}: tells of ${counted(others, 'further denial')}: all are explained without --json.\n`);
  }
  return 0;
}
