import type { TestEvent } from '../../core/event.ts';
import type { Diagnosis, Report } from '../../core/report.ts';

/** What to tell the customer after a check: lines to paste into a mail as they are, with statements as they are pasted. */
export function messageForCustomer({ verdict, deniedStep, diagnoses }: Report, { inbox }: TestEvent): string {
  const { bucket, prefix, accountId } = inbox;
  switch (verdict) {
    case 'passed':
      return `It works: a test object has just arrived in ${bucket}${prefix ? ` below ${prefix}` : ''}. You have nothing left to do.`;
    case 'inconclusive':
      return "We don't know yet whether it works: our check could not be completed, which says nothing about your configuration. We will run it again.";
    case 'denied':
    case 'misconfigured': {
      const yours = diagnoses.filter((diagnosis) => sideOf(diagnosis) === 'customer');
      // Only the service's account decides who can assume the delivery role.
      const ours = deniedStep === 'assume-delivery-role' || diagnoses.some((one) => sideOf(one) === 'service');
      if (yours.length > 0) {
        const changes = yours.map((one, at) => changeIn(one, yours.length > 1 ? `${at + 1}. ` : ''));
        const whatToDo = yours.every(({ confidence }) => confidence === 'proven')
          ? 'To be changed by you'
          : 'Please look at this first';
        return [
          'It does not work yet.',
          `${whatToDo}, in account ${accountId}:`,
          ...changes,
          ...(ours ? ['We have something to change on our side too.'] : []),
        ].join('\n\n');
      }
      if (ours) return 'It does not work yet, but not because of you: we have to change something on our side first.';
      return `It does not work yet: ${deniedStep ?? 'the delivery'} is denied, and AWS does not say by which policy. We are looking into it.`;
    }
  }
}

function sideOf({ remedy, denial }: Diagnosis) {
  return remedy?.side ?? denial.side;
}

/** A diagnosis says itself how sure it is. */
function changeIn({ summary, remedy }: Diagnosis, number: string): string {
  const instruction = remedy ? [inOneLine(remedy.instruction)] : [];
  const statement = remedy?.statement ? [JSON.stringify(remedy.statement, null, 2)] : [];
  return [`${number}${inOneLine(summary)}`, ...instruction, ...statement].join('\n\n');
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
