import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAll, start } from '../entry.ts';

const folder = mkdtempSync(join(tmpdir(), 'secure-inbox-watch-'));
afterEach(killAll);
afterAll(() => rmSync(folder, { recursive: true }));

test('--watch runs again when a file changes, even after an invalid one, until Ctrl-C', async () => {
  const acme = join(import.meta.dirname, '../../fixtures/preflight/acme');
  for (const name of ['event.json', 'bucket-policy.json']) copyFileSync(join(acme, name), join(folder, name));
  const { child, printed, ended } = start(['preflight', '--watch', folder]);
  await printed('acme: denied at copy-to-inbox');

  const policy = join(folder, 'bucket-policy.json');
  const text = readFileSync(policy, 'utf8');
  const complained = new Promise((resolve) =>
    child.stderr?.on('data', (chunk) => /unexpected/.test(chunk) && resolve(1)),
  );
  writeFileSync(policy, text.replace('"Statement": [', '"Statement": [,'));
  await complained;
  writeFileSync(policy, text.replace('/reports/*', '/from-service/*'));
  await printed('acme: passed.');

  child.kill('SIGINT');
  const { status, stderr } = await ended;
  expect(stderr).toMatch(/bucket-policy\.json:4:17: unexpected ,/);
  expect(status).toBe(130);
});
