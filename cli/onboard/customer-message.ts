import type { TestEvent } from '../../core/event.ts';
import type { Diagnosis, Report } from '../../core/report.ts';

/** What to tell the customer after a check: lines to paste into a mail as they are, with statements as they are pasted. */
export function messageForCustomer({ verdict, deniedStep, diagnoses }: Report, { inbox }: TestEvent): string {
  const { bucket, prefix, accountId } = inbox;
  switch (verdict) {
    case 'passed':
      return `It works: a test object has just arrived in ${bucket}${prefix ? ` below ${prefix}` : ''}. There is nothing left for you to do.`;
    case 'inconclusive':
      return 'It is not known yet whether it works: our check could not be carried through, which says nothing about your configuration. We will run it again.';
    case 'denied':
    case 'misconfigured': {
      const yours = diagnoses.filter((diagnosis) => sideOf(diagnosis) === 'customer');
      // Taking on the delivery role is a matter of the service's account alone.
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
      if (ours) return 'It does not work yet, and not because of you: we have to change something on our side first.';
      return `It does not work yet: ${deniedStep ?? 'the delivery'} is refused, and AWS does not say by what. We are looking into it.`;
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
