import { notAuthorized } from '../../core/aws-words/reasons.ts';
import type { ReadText } from '../../lambda/customer_configuration_check/diagnosis/failure-in-text.ts';
import { first, type RecordFields } from './fields.ts';

/** True if a record is the output of `aws sts decode-authorization-message`. */
export function isDecodedMessage(has: (name: string) => boolean): boolean {
  return has('allowed') && has('explicitdeny') && has('context');
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
export function toldByDecodedMessage(fields: RecordFields): ReadText | 'succeeded' {
  if (first(fields, 'allowed') === 'true') return 'succeeded';
  const principal = first(fields, 'contextprincipalarn');
  const action = first(fields, 'contextaction');
  const resource = first(fields, 'contextresource');
  if (principal === undefined || action === undefined) return { message: 'AccessDenied', source: 'service-message' };
  const isDeny = first(fields, 'explicitdeny') === 'true';
  const sids = fields.get('matchedstatementsitemsstatementid')?.filter((sid) => sid !== '') ?? [];
  return {
    message: notAuthorized(
      principal,
      action,
      resource ? `resource: ${resource}` : '',
      isDeny ? 'with an explicit deny' : '',
    ),
    source: 'service-message',
    effect: isDeny ? 'explicit' : 'implicit',
    detail: `This is what the decoded message says${sids.length > 0 ? `. Its matched statements: ${sids.join(', ')}` : ''}.`,
  };
}
