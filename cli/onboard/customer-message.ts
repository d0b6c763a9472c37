import type { TestEvent } from '../../core/event.ts';
import type { Diagnosis, Report } from '../../core/report.ts';
import { sideToAct } from '../../core/vocabulary.ts';

/** A paragraph, or text to paste or to follow. */
export type MessagePart =
  | { readonly text: string }
  | { readonly statement: string }
  | { readonly command: string }
  | { readonly link: string };

export function messageForCustomer(
  { verdict, deniedStep, diagnoses }: Report,
  { inbox }: TestEvent,
): readonly MessagePart[] {
  const { bucket, prefix, accountId } = inbox;
  switch (verdict) {
    case 'passed':
      return [
        {
          text: `It works: a test object has just arrived in ${bucket}${prefix ? ` below ${prefix}` : ''}. You have nothing left to do.`,
        },
      ];
    case 'inconclusive':
      return [
        {
          text: "We don't know yet whether it works: our check could not be completed, which says nothing about your configuration. We will run it again.",
        },
      ];
    case 'denied':
    case 'misconfigured': {
      const yours = diagnoses.filter((diagnosis) => sideToAct(diagnosis) === 'customer');
      // Only the service's account determines who can assume the delivery role.
      const ours = deniedStep === 'assume-delivery-role' || diagnoses.some((one) => sideToAct(one) === 'service');
      if (yours.length > 0) {
        const changes = yours.flatMap((one, at) => changeIn(one, yours.length > 1 ? `${at + 1}. ` : ''));
        const whatToDo = yours.every(({ confidence }) => confidence === 'proven')
          ? 'To be changed by you'
          : 'Please look at this first';
        return [
          { text: 'It does not work yet.' },
          { text: `${whatToDo}, in account ${accountId}:` },
          ...changes,
          ...(ours ? [{ text: 'We have something to change on our side too.' }] : []),
        ];
      }
      if (ours) {
        return [
          { text: 'It does not work yet, but not because of you: we have to change something on our side first.' },
        ];
      }
      return [
        {
          text: `It does not work yet: ${deniedStep ?? 'the delivery'} is denied, and AWS does not say by which policy. We are looking into it.`,
        },
      ];
    }
  }
}

export const messageWithoutReport: readonly MessagePart[] = [
  { text: "We don't know yet whether it works: the check could not be run. We will run it again." },
];

export function messageAsText(parts: readonly MessagePart[]): string {
  return parts.map((part) => Object.values(part).join()).join('\n\n');
}

/** A diagnosis already says how certain it is. */
function changeIn({ summary, remedy }: Diagnosis, number: string): readonly MessagePart[] {
  return [
    { text: `${number}${inOneLine(summary)}` },
    ...(remedy ? [{ text: inOneLine(remedy.instruction) }] : []),
    ...(remedy?.statement ? [{ statement: JSON.stringify(remedy.statement, null, 2) }] : []),
  ];
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
