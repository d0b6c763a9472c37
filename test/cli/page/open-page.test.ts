import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { servePage } from '../../../cli/page/serve-page.ts';
import { killAll, start } from '../entry.ts';
import { testSurroundings } from '../surroundings.ts';

const folder = mkdtempSync(join(tmpdir(), 'open-page-'));
const acme = join(import.meta.dirname, '../../../examples/acme');
afterEach(killAll);
afterAll(() => rmSync(folder, { recursive: true }));

function asked(url: string, { host, method = 'GET' }: { readonly host?: string; readonly method?: string } = {}) {
  return new Promise<{ readonly status: number | undefined; readonly body: string }>((resolve, reject) => {
    const sent = request(url, { method, headers: host === undefined ? {} : { host } }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body }));
    });
    sent.on('error', reject).end();
  });
}

describe('the server of the page', () => {
  it('serves it only to this machine, at a path that no one can guess', async () => {
    const served = await servePage('<!doctype html>');
    const { origin, pathname } = new URL(served.url);
    expect(pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
    await expect(asked(served.url)).resolves.toEqual({ status: 200, body: '<!doctype html>' });
    await expect(asked(`${origin}/`)).resolves.toMatchObject({ status: 404, body: '' });
    await expect(asked(served.url, { method: 'POST' })).resolves.toMatchObject({ status: 405 });
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'evil.example:127']) {
      await expect(asked(served.url, { host })).resolves.toMatchObject({ status: 403, body: '' });
    }
    await served.stop();
    await expect(asked(served.url)).rejects.toThrow();
  });
});

test('--open serves the documents, and reports a file that changes, until Ctrl-C', async () => {
  for (const name of ['event.json', 'bucket-policy.json']) copyFileSync(join(acme, name), join(folder, name));
  const { child, printed, ended } = start(['preflight', '--open', folder]);
  const url = (await printed('/\n')).trim();
  const { body } = await asked(url);
  expect(body).toContain("connect-src 'self'");
  expect(body).toContain('DenyOtherEncryption');

  const told = new Promise<string>((resolve, reject) => {
    request(`${url}events`, (answer) => {
      answer.once('data', (chunk) => resolve(String(chunk)));
      const policy = join(folder, 'bucket-policy.json');
      writeFileSync(policy, readFileSync(policy, 'utf8').replace('DenyOtherEncryption', 'Changed'));
    })
      .on('error', reject)
      .end();
  });
  const [changed] = JSON.parse((await told).replace(/^data: /, '')) as readonly {
    readonly name: string;
    readonly text: string;
  }[];
  expect(changed).toMatchObject({ name: 'bucket-policy.json', text: expect.stringContaining('Changed') });
  child.kill('SIGINT');
  expect((await ended).status).toBe(130);
});

it.each([
  ['scenarios', ['--scenario', 'scenarios/everything-in-order.yaml'], /--open, --scenario/],
  ['two customers', [acme, acme], /one customer/],
  ['standard input', ['--bucket-policy', '-'], /standard input/],
  ['another form beside it', [acme, '--json'], /--open.*--json/],
])('--open rejects %s', async (_, args, message) => {
  const surroundings = testSurroundings();
  await expect(main(['preflight', '--open', ...args], surroundings)).resolves.toBe(2);
  expect(surroundings.written.stderr).toMatch(message);
});
