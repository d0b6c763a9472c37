import { type ConditionWords, conditions } from '../../../core/aws-words/conditions.ts';
import { noDenials } from '../../../lambda/customer_configuration_check/diagnosis/no-denials.ts';
import { explained } from './explained.ts';

/** Everything that identifies a single message must also find it among the lines of a log. */
const inLog = (words: string) =>
  ['2026-11-30 10:00:00 INFO begin', `2026-11-30 10:00:01 ERROR ${words}`, '2026-11-30 10:00:02 INFO end'].join('\n');

const rows: readonly (readonly [string, ConditionWords])[] = Object.entries(conditions);
const codes = rows.flatMap(([name, { code, says }]) => {
  const first = says?.code ?? code?.split('|')[0]?.replace(/\(\?:|\)\??|\\/g, '');
  // KMS's own code can be about anything that is missing; S3 adds whose code it is.
  return first === undefined ? [] : [[name, first === 'NotFoundException' ? 'KMS.NotFoundException' : first] as const];
});

test.each(codes.filter(([name]) => rows.some(([one, { code }]) => one === name && code !== undefined)))(
  '%s is found by its code %s',
  (_, code) => {
    expect(explained(inLog(`upload failed: ${code}`))).toMatchObject({ kind: 'denials', denials: [{ line: 2 }] });
  },
);

const messages = rows.flatMap(([name, { says }]) =>
  typeof says?.['message'] === 'string' ? [[name, says['message']] as const] : [],
);

test.each(messages)('%s is found by its words: %s', (_, message) => {
  expect(explained(inLog(message))).toMatchObject({ kind: 'denials', denials: [{ line: 2 }] });
});

test.each(noDenials.map(({ codes: all, means }) => [all.split('|')[0]?.replace(/\(.*/, '') ?? '', means] as const))(
  '%s is found, and is not a denial',
  (code, means) => {
    expect(explained(inLog(`upload failed: ${code}: words of AWS`))).toMatchObject({
      kind: 'no-denial',
      diagnosis: { summary: means },
    });
  },
);
