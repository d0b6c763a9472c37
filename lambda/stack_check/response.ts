import type { StackRequest } from './request.ts';
import type { Result } from './result.ts';

/**
 * CloudFormation's limit for the whole body.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
export const mostResponseBytes = 4_096;

type Asked = Pick<StackRequest, 'physicalResourceId' | 'stackId' | 'requestId' | 'logicalResourceId'>;
type Body = (text: string) => object;

/** The answer to a Delete. Nothing was created, so nothing is deleted. */
export function responseToDelete(asked: Asked): string {
  return JSON.stringify({ Status: 'SUCCESS', ...repeated(asked) });
}

/**
 * The answer to a Create or Update. The stack fails only if the customer chose that, and only because of a fault, never
 * because the check could not be completed.
 */
export function responseWith(asked: Asked, { verdict, sentences }: Result, failOnDenied: boolean): string {
  const fails = failOnDenied && (verdict === 'denied' || verdict === 'misconfigured');
  const body: Body = fails
    ? (Reason) => ({ Status: 'FAILED', Reason, ...repeated(asked) })
    : (Result) => ({ Status: 'SUCCESS', ...repeated(asked), Data: { Verdict: verdict, Result } });
  return JSON.stringify(body(fitting(sentences, body)));
}

function repeated({ physicalResourceId, stackId, requestId, logicalResourceId }: Asked): object {
  return {
    PhysicalResourceId: physicalResourceId,
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalResourceId,
  };
}

const leftOut = '(There is no room here for the statement; the service has it in its report.)';

/** The first sentences that fit, and the beginning of the first one that doesn't. */
function fitting(sentences: Result['sentences'], body: Body): string {
  const fits = (text: string) => Buffer.byteLength(JSON.stringify(body(text))) <= mostResponseBytes;
  let text = '';
  for (const sentence of sentences) {
    const more = joined(text, sentence.text);
    if (fits(more)) text = more;
    else if (sentence.whole) text = fits(joined(text, leftOut)) ? joined(text, leftOut) : text;
    else return beginning(more, fits);
  }
  return text;
}

function joined(text: string, more: string): string {
  return [text, more].filter(Boolean).join(' ');
}

function beginning(text: string, fits: (text: string) => boolean): string {
  const characters = [...text];
  let [least, most] = [0, characters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(`${characters.slice(0, middle).join('')}…`)) least = middle;
    else most = middle - 1;
  }
  return `${characters.slice(0, least).join('')}…`;
}
