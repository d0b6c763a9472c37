import { readMessage } from '../../core/aws-words/message.ts';
import type { Evidence } from '../../core/report.ts';

/** Sentences of the check's probes that tell of a permission that it is given. What is worded otherwise tells nothing. */
const given: readonly { readonly says: RegExp; readonly actions: readonly string[] }[] = [
  { says: /^The first byte of the source can be read\.$/, actions: ['s3:GetObject', 'kms:Decrypt'] },
  { says: /^S3 lets the role read the source, and asks KMS\.$/, actions: ['s3:GetObject'] },
  { says: /^S3 lets the role read below the internal prefix\.$/, actions: ['s3:GetObject'] },
  { says: /^HeadObject finds the source, without KMS\.$/, actions: ['s3:GetObject'] },
  { says: /^A dry run of kms:GenerateDataKey would succeed\.$/, actions: ['kms:GenerateDataKey'] },
  { says: /^A dry run of kms:Decrypt would succeed\.$/, actions: ['kms:Decrypt'] },
];

export function tellsGiven({ source, detail }: Evidence, action: string): boolean {
  return source === 'probe' && given.some(({ says, actions }) => actions.includes(action) && says.test(detail));
}

/** Whether AWS itself names the action as what it refused. A question that could not be asked is about another one. */
export function tellsRefused({ detail }: Evidence, action: string): boolean {
  const answer = /^(?!Could not ask).*?AWS answered [^\s:]+(?: \(HTTP \d+\))?: (.*)$/s.exec(detail)?.[1];
  return answer !== undefined && namesRefused(answer, action);
}

/** @param message of a step's error, verbatim */
export function namesRefused(message: string, action: string, code?: string): boolean {
  return readMessage(message, code).action?.toLowerCase() === action.toLowerCase();
}
