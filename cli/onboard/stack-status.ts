import { InputError } from '../../model/text/input-error.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const ready: readonly string[] = [
  'CREATE_COMPLETE',
  'IMPORT_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
];

/**
 * @param subject what the message begins with
 * @param status absent where nobody said it
 * @throws InputError for a stack whose outputs don't hold yet, or don't hold any more
 */
export function refuseUnfinished(subject: string, status: string | undefined): void {
  if (status === undefined || ready.includes(status)) return;
  const next = status.endsWith('_IN_PROGRESS')
    ? 'Wait until it is done, then try again.'
    : 'Its events tell why (aws cloudformation describe-stack-events); it has to be mended or made anew first.';
  throw new InputError(`${subject} is ${status}. Allowed: ${ready.join(', ')}. ${next}`);
}
