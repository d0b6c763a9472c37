import type { Invitation } from '../../onboard/invitation.ts';
import { type Page, wrap } from './page.ts';

interface InvitationView {
  /** The template, as a file of this project. */
  readonly templateFile: string;
  readonly notes: readonly string[];
  /** What the operator runs once the customer's stack is there. */
  readonly nextCommand: readonly string[];
}

/** What to send to a customer, ready to be copied, and what comes after. */
export function renderInvitation(invitation: Invitation, view: InvitationView, { width, paint }: Page): string {
  const { customer, accountId, region, link, deployCommand, outputsCommand, stackName } = invitation;
  const { templateFile, notes, nextCommand } = view;
  const prose = (text: string, first = '  ') => wrap(text, width, ' '.repeat(first.length), first);
  return `${[
    paint.strong(`Ask ${customer} to deploy this stack in account ${accountId}, ${region}:`),
    '',
    ...(link === undefined
      ? prose(
          `For a one-click launch link, upload ${templateFile} to a bucket that the customer can read and pass its https:// address with --template-url. Or send the file with this command:`,
        )
      : [
          ...prose('This link opens the CloudFormation console with everything filled in:'),
          '',
          `  ${link}`,
          '',
          ...prose(`Or, in a shell with ${templateFile}:`),
        ]),
    '',
    ...commandLines(deployCommand),
    '',
    ...prose(
      `When the stack ${stackName} is complete, the customer sends you the file that this command writes. It contains no secrets:`,
    ),
    '',
    ...commandLines(outputsCommand),
    '',
    ...prose('Then register the customer and run the first check:'),
    '',
    ...commandLines(nextCommand),
    ...notes.flatMap((note) => ['', ...prose(note, '  ! ').map((line) => paint.warn(line))]),
  ].join('\n')}\n`;
}

/** Never wrapped, so that it can be pasted. */
export function commandLines(parts: readonly string[]): string[] {
  return parts.map((part, at) => `    ${at === 0 ? '' : '  '}${part}${at < parts.length - 1 ? ' \\' : ''}`);
}
