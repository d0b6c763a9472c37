import type { Explanations } from '../../../cli/explain/explanations.ts';
import { bucketPolicyDiagnosis, deniedReport, passedReport } from '../reports.ts';
import { explained } from './explained.ts';

const say = (session: string, action: string) =>
  `User: arn:aws:sts::111111111111:assumed-role/delivery/${session} is not authorized to perform: ${action} on resource: ` +
  `"arn:aws:s3:::inbox/a.pdf" with an explicit deny in a resource-based policy`;

function denials(explanations: Explanations) {
  return explanations.kind === 'denials' ? explanations.denials.map(({ diagnosis }) => diagnosis) : [];
}

test('a log reports each denial once, in order, across sessions', () => {
  const log = [say('1', 's3:PutObject'), 'INFO next', say('2', 's3:PutObject'), say('3', 's3:PutObjectAcl')].join('\n');
  expect(denials(explained(log)).map(({ denial }) => [denial.action, denial.principal?.at(-1)])).toEqual([
    ['s3:PutObject', '1'],
    ['s3:PutObjectAcl', '3'],
  ]);
});

test('the same denial for two customers counts twice', () => {
  const explanations = explained(JSON.stringify([deniedReport, { ...deniedReport, customer: 'other' }]));
  expect(explanations).toEqual({
    kind: 'denials',
    denials: ['acme', 'other'].map((customer) => ({ customer, diagnosis: bucketPolicyDiagnosis, line: 1, times: 1 })),
    others: [],
    unread: 0,
  });
});

test('successful requests are not mentioned next to a denial', () => {
  const event = { eventSource: 's3.amazonaws.com', eventName: 'PutObject', requestParameters: { bucketName: 'b' } };
  const denied = { ...event, errorCode: 'AccessDenied', errorMessage: 'Access Denied' };
  const text = JSON.stringify({ Records: [event, denied, event] });
  expect(denials(explained(text))).toMatchObject([{ denial: { action: 's3:PutObject' } }]);
});

test.each([
  ['a report that passed', JSON.stringify(passedReport), 'no-denial', 'Nothing in it failed'],
  ['credentials that are too old', 'ExpiredToken: The provided token has expired.', 'no-denial', 'have expired'],
  ['words', 'hello world', 'not-understood', 'no denial that is known here'],
])('%s: there is no denial, and why', (_, text, kind, summary) => {
  expect(explained(text)).toMatchObject({
    kind,
    diagnosis: { denial: {}, summary: expect.stringContaining(summary) },
  });
});
