import '@microsoft/jest-sarif';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { testSurroundings } from '../surroundings.ts';

const acme = join(import.meta.dirname, '../../../examples/acme');
const folder = mkdtempSync(join(tmpdir(), 'sarif-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string };
              readonly region: { readonly startLine: number; readonly startColumn?: number };
            };
          },
        ];
      }[];
    },
  ];
}

async function sarifOf(name: string, ...args: readonly string[]): Promise<Log> {
  const file = join(folder, name);
  await main(['preflight', ...args, '--sarif', file], testSurroundings());
  const log = JSON.parse(readFileSync(file, 'utf8')) as Log;
  (expect(log) as unknown as { toBeValidSarifLog(): void }).toBeValidSarifLog();
  return log;
}

test('each fault is an error on the line at fault, with the fix', async () => {
  const [{ results, tool }] = (await sarifOf('acme.sarif', acme)).runs;
  const errors = results.filter(({ level }) => level === 'error');
  expect(errors.map(({ ruleId }) => ruleId)).toEqual(['key-policy', 'key-policy', 'bucket-policy']);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);

  const deny = errors.at(-1);
  expect(deny?.message.text).toContain('DenyOtherEncryption');
  const { artifactLocation, region } = deny?.locations[0].physicalLocation ?? {};
  expect(artifactLocation?.uri).toMatch(/examples\/acme\/bucket-policy\.json$/);
  const line = readFileSync(join(acme, 'bucket-policy.json'), 'utf8').split('\n')[(region?.startLine ?? 0) - 1];
  expect(line?.slice((region?.startColumn ?? 0) - 1)).toMatch(/^"Deny"/);
  expect(errors[0]?.message.text).toContain('"kms:GenerateDataKey"');
});

test('notes are not errors', async () => {
  const [{ results }] = (await sarifOf('notes.sarif', acme)).runs;
  const others = results.filter(({ level }) => level !== 'error');
  expect(new Set(others.map(({ ruleId }) => ruleId))).toEqual(new Set(['contradiction', 'beyond-need']));
});

test('documents that will work have no result', async () => {
  const event = join(acme, '../event.json');
  const [{ results }] = (await sarifOf('passed.sarif', '--event', event)).runs;
  expect(results).toEqual([]);
});

test('a path with a space is a URI, and a file that is something else is not replaced', async () => {
  const policy = join(folder, 'our policy.json');
  writeFileSync(policy, readFileSync(join(acme, 'bucket-policy.json'), 'utf8'));
  const [{ results }] = (await sarifOf('space.sarif', '--bucket-policy', policy)).runs;
  expect(results[0]?.locations[0].physicalLocation.artifactLocation.uri).toMatch(/our%20policy\.json$/);

  const surroundings = testSurroundings();
  expect(await main(['preflight', acme, '--sarif', policy], surroundings)).toBe(2);
  expect(surroundings.written.stderr).toContain('--sarif');
});
