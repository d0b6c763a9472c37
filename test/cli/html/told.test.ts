import { tellsGiven, tellsRefused } from '../../../cli/html/told.ts';
import type { Findings } from '../../../lambda/customer_configuration_check/diagnosis/findings.ts';
import {
  looksAtSource,
  readsSource,
} from '../../../lambda/customer_configuration_check/diagnosis/probes/read-source.ts';

/** As the probes' rows take what was read; the table hides its type. */
interface SourceRow {
  readonly answer: string;
  readonly tells: (item: unknown) => Findings;
}

const edge = (action: string, on: string) => ({ step: 'copy-to-inbox', action, on, resource: 'arn:aws:s3:::b/k' });
const item = {
  reading: {
    isInRegionOfCopy: true,
    read: edge('s3:GetObject', 'internal-object'),
    decrypt: edge('kms:Decrypt', 'internal-key'),
  },
  reply: { ok: false, failure: { error: { code: 'AccessDenied', message: 'Access Denied' } } },
  said: undefined,
};

it("understands every sentence by which the check's probes tell of a permission that it is given", () => {
  const rows = [readsSource, looksAtSource].flatMap(({ rows }) => rows as unknown as readonly SourceRow[]);
  const facts = rows.flatMap(({ tells }) => tells(item).facts);
  const given = facts.filter(({ bearing }) => bearing?.verdict === 'excludes' && bearing.on.layer === undefined);
  expect(given.length).toBeGreaterThan(4);
  expect(
    given.filter(({ source, detail, bearing }) => !tellsGiven({ source, detail }, bearing?.on.action ?? '')),
  ).toEqual([]);
});

it('takes nothing else for it', () => {
  const allows = 'The policy simulator allows s3:GetObject on arn:aws:s3:::b/k.';
  expect(tellsGiven({ source: 'policy-simulator', detail: allows }, 's3:GetObject')).toBe(false);
  const quoted = 'AWS answered X: The first byte of the source can be read.';
  expect(tellsGiven({ source: 'probe', detail: quoted }, 's3:GetObject')).toBe(false);
  expect(tellsGiven({ source: 'probe', detail: 'The first byte of the source can be read.' }, 's3:PutObject')).toBe(
    false,
  );
});

describe('what AWS names as refused', () => {
  const words = 'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: kms:Decrypt on this resource';

  it('is read from the answer to a further question', () => {
    const detail = `Reading the first byte of the source: AWS answered AccessDenied (HTTP 403): ${words}`;
    expect(tellsRefused({ source: 'probe', detail }, 'kms:Decrypt')).toBe(true);
    expect(tellsRefused({ source: 'probe', detail }, 'kms:GenerateDataKey')).toBe(false);
  });

  it('is not a question that could not be asked', () => {
    const detail = `Could not ask a dry run of kms:Decrypt: AWS answered AccessDenied: ${words}`;
    expect(tellsRefused({ source: 'probe', detail }, 'kms:Decrypt')).toBe(false);
  });
});
