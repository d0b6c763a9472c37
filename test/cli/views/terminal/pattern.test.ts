import { pageFor } from '../../../../cli/views/terminal/page.ts';
import { renderPattern } from '../../../../cli/views/terminal/pattern.ts';
import { type Captured, captured, capturedReport } from '../html/captured.ts';

const plain = (width: number) => pageFor(width, false);
const drawn = (name: Captured, width = 100) => renderPattern(capturedReport(name), plain(width)).join('\n');

test('every permission is an edge, and the refused one is marked', () => {
  expect(`\n${drawn('silent-bucket-policy')}\n`).toBe(`
  ┌ Account A 111111111111 ─┐    ┌ Account B 222222222222┐
  │ the check               │    │                       │
  │  ▼ ✓ sts:AssumeRole     │    │                       │
  │ secure-inbox-delivery   │    │                       │
  │  ▼ ✓ s3:PutObject       │    │                       │
  │ internal bucket         │    │                       │
  │  │ ✓ s3:GetObject       │    │                       │
  │  │                      │    │ Secure Inbox          │
  │  ├ copy-to-inbox ───────┼─✗──►  s3:PutObject         │
  │  │                      │    │ KMS key 00000000…0002 │
  │  ├ put-internal ────────┼─✓──►  kms:GenerateDataKey  │
  │  ├ copy-to-inbox ───────┼─✓──►  kms:Decrypt          │
  │  └ copy-to-inbox ───────┼─?──►  kms:GenerateDataKey  │
  └─────────────────────────┘    └───────────────────────┘
  ✗ most likely refused   ? may be refused
`);
});

test('the same as a list if there is no room for boxes', () => {
  expect(`\n${drawn('silent-bucket-policy', 40)}\n`).toBe(`
  Account A 111111111111
    the check
     ▼ ✓ sts:AssumeRole
    secure-inbox-delivery
     ▼ ✓ s3:PutObject
    internal bucket
     │ ✓ s3:GetObject
     ├─✗─► s3:PutObject, Secure Inbox
     ├─✓─► kms:GenerateDataKey, KMS key
     ├─✓─► kms:Decrypt, KMS key
     └─?─► kms:GenerateDataKey, KMS key
  ► Account B 222222222222
  ✗ most likely refused   ? may be
  refused
`);
});

test("the service's own key stands in its account, and no arrow leads to it from there", () => {
  expect(drawn('services-own-key')).toContain('│  │ ✓ kms:Decrypt        │');
  expect(drawn('services-own-key').match(/►/g)).toHaveLength(2);
});

test.each(captured)('%s: each key has one place, with its name', (name) => {
  const places = drawn(name).match(/KMS key \S+/g) ?? [];
  expect(new Set(places).size).toBe(places.length);
  expect(places.length).toBeLessThanOrEqual(2);
});

test('clean-up has an edge only if it is denied', () => {
  expect(drawn('clean-up-denied')).toContain('│ ✗ s3:DeleteObject');
  expect(drawn('passed')).not.toContain('DeleteObject');
});

test('there is no legend if every mark is self-explanatory', () => {
  expect(drawn('passed').split('\n').at(-1)).toMatch(/^ {2}└─+┘/);
});

describe.each(captured)('%s', (name) => {
  test.each([40, 57, 58, 60, 100, 200])('fits into %d columns, and is straight', (width) => {
    const lines = drawn(name, width).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    const boxes = lines.filter((line) => /^ {2}[┌│└]/.test(line));
    expect(new Set(boxes.map((line) => line.length)).size).toBe(width < 58 ? 0 : 1);
  });
});

test('is straight whatever the role is called', () => {
  const role = 'a-role-with-a-name-that-is-much-longer-than-the-box-that-it-is-drawn-in';
  const report = {
    ...capturedReport('passed'),
    principal: `arn:aws:sts::111111111111:assumed-role/${role}/check-acme`,
  };
  const lines = renderPattern(report, plain(100));
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines.join('\n')).toContain('│ a-role-with-…is-drawn-in│');
});
