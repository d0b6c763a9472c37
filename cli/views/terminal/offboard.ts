import { printable, shellWord } from '../../../core/printable.ts';
import type { RemovedRegistration } from '../../onboard/offboard.ts';
import { commandLines } from './onboard-invitation.ts';
import { fields, type Page, wrap } from './page.ts';

/** What is left of a customer once the registration is gone, as far as the registration told. */
export interface Leftovers {
  readonly accountId?: string;
  readonly region?: string;
  readonly bucket?: string;
  readonly kmsKeyArn?: string;
  /** Where the customer took the name that was proposed. */
  readonly stackName: string;
}

/** What was removed, how to undo it, and what the customer does now. */
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
  try {
    return printable(JSON.stringify(JSON.parse(text)));
  } catch {
    return printable(text.trim()).replaceAll('\n', ' ');
  }
}
