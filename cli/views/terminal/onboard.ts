import { jsonOrNothing } from '../../../core/json.ts';
import { printable, shellWord } from '../../../core/printable.ts';
import type { Invitation } from '../../onboard/invitation.ts';
import type { RemovedRegistration } from '../../onboard/offboard.ts';
import { type FieldDifference, type Registered, registrationOutcomes } from '../../onboard/register.ts';
import { fields, type Page, wrap } from './page.ts';

interface RegistrationView {
  readonly notes: readonly string[];
  /** The registration, or the planned one. */
  readonly event: unknown;
}

const marks = {
  created: ['✓', 'good'],
  replaced: ['✓', 'good'],
  unchanged: ['✓', 'good'],
  'not-replaced': ['✗', 'bad'],
  'would-be-created': ['·', 'strong'],
  'would-be-replaced': ['·', 'strong'],
} as const satisfies Readonly<Record<Registered['outcome'], readonly [string, keyof Page['paint']]>>;

export function renderRegistration(registered: Registered, { notes, event }: RegistrationView, page: Page): string {
  const { customer, bucket, key, outcome, differences, versionId } = registered;
  const { width, paint } = page;
  const [mark, tone] = marks[outcome];
  const rows = [
    ['registry', `s3://${bucket}/${key}`],
    ...(versionId === undefined ? [] : [['version', versionId]]),
  ].map(([label = '', text = '']) => [label, text] as const);
  return `${[
    paint[tone](`${mark} ${customer}: ${registrationOutcomes[outcome]}`),
    '',
    ...fields(rows, width, '  '),
    ...(outcome === 'would-be-created' ? ['', ...documentLines(event)] : []),
    ...(differences.length > 0 ? ['', ...differenceLines(differences, page)] : []),
    ...(outcome === 'not-replaced' ? ['', ...wrap(howToReplace, width, '  ')] : []),
    ...notes.flatMap((note) => ['', ...wrap(note, width, '    ', '  ! ').map((line) => paint.warn(line))]),
  ].join('\n')}\n`;
}

const howToReplace =
  'If the given values are right, replace the registration with --replace. The previous version is kept. To preview the change, add --dry-run.';

/** For each field, the old value above the new one. */
function differenceLines(differences: readonly FieldDifference[], { width, paint }: Page): string[] {
  return differences.flatMap(({ path, registered, given }) => [
    paint.strong(`  ${printable(path) || 'the whole entry, which is not a JSON object'}`),
    ...wrap(registered ?? 'no such field', width, '                ', '    registered  '),
    ...wrap(given ?? 'no such field', width, '                ', '    given       '),
  ]);
}

function documentLines(document: unknown): string[] {
  return JSON.stringify(document, null, 2)
    .split('\n')
    .map((line) => `  ${printable(line)}`);
}

interface InvitationView {
  readonly templateFile: string;
  readonly notes: readonly string[];
  /** The operator's next command, once the customer's stack exists. */
  readonly nextCommand: readonly string[];
}

/** The message for a customer, ready to copy, and the next steps. */
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

/** Never wrapped, so that they can be pasted. */
function commandLines(parts: readonly string[]): string[] {
  return parts.map((part, at) => `    ${at === 0 ? '' : '  '}${part}${at < parts.length - 1 ? ' \\' : ''}`);
}

/** What the customer still has after the registration is removed, as far as the registration shows. */
export interface Leftovers {
  readonly accountId?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly kmsKeyArn?: string;
  /** The proposed name of the stack, which the customer may have changed. */
  readonly stackName: string;
}

/** The removal, how to undo it, and the customer's next steps. */
export function renderRemoved(
  { customer, bucket, key, region, deleteMarker, text }: RemovedRegistration,
  { accountId, region: inboxRegion, bucket: inbox, kmsKeyArn, stackName }: Leftovers,
  { width, paint }: Page,
): string {
  const prose = (words: string) => wrap(words, width, '  ');
  const stack = `the stack ${stackName}${accountId ? ` in account ${accountId}${inboxRegion ? `, ${inboxRegion}` : ''}` : ''}`;
  const kept = [inbox && `the bucket ${inbox}`, kmsKeyArn && `the key ${kmsKeyArn}`].filter(Boolean).join(' and ');
  return `${[
    paint.good(`✓ ${customer}: Registration removed. The health check skips this customer from now on.`),
    '',
    ...fields(
      [
        ['removed', `s3://${bucket}/${key}`],
        ['it said', oneLine(text)],
      ],
      width,
      '  ',
    ),
    '',
    ...(deleteMarker === undefined
      ? prose('The bucket keeps no versions. To restore the registration, onboard the customer again.')
      : [
          ...prose(
            'To restore it, remove the delete marker while the bucket still keeps the previous version (by default, one year):',
          ),
          '',
          ...commandLines([
            'aws s3api delete-object',
            `--bucket ${shellWord(bucket)}`,
            `--key ${shellWord(key)}`,
            `--version-id ${shellWord(deleteMarker)}`,
            `--region ${shellWord(region)}`,
          ]),
        ]),
    '',
    ...prose('This stops the checks, not the deliveries. To stop deliveries, change your application.'),
    '',
    ...prose(
      `The customer ends the service's access by deleting ${stack}, which also deletes the bucket policy. If the bucket existed before the stack, its owner removes DeliverReports from its policy. ${
        kept ? `${kept[0]?.toUpperCase()}${kept.slice(1)} stay` : 'Bucket and key stay'
      }, with every report. The key also keeps its policy; its statements EncryptDeliveredReports and EncryptAndReadWaitingReports name the service's role and can be removed.`,
    ),
  ].join('\n')}\n`;
}

function oneLine(text: string): string {
  const value = jsonOrNothing(text);
  return printable(value === undefined ? text.trim() : JSON.stringify(value)).replaceAll('\n', ' ');
}
