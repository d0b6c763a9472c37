import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { main } from '../../cli/main.ts';
import { servePage } from '../../cli/page/serve-page.ts';
import type { Report } from '../../core/report.ts';
import { parseSource } from '../../model/text/document.ts';
import { assembly } from '../../sandbox/assembly.ts';
import { loadScenario } from '../../sandbox/scenario-files.ts';
import { testSurroundings } from '../cli/surroundings.ts';
import { chromiumPath, launchChromium } from '../cli/views/html/chromium.ts';
import { OpenedPage } from './opened-page.ts';

// The real check is what the catalog compares with preflight.
vi.mock('../../cli/preflight/warm-sandbox.ts', () => import('../cli/preflight/modelled-sandbox.ts'));

const root = join(import.meta.dirname, '../..');
const acme = (name: string) => join(root, 'examples/acme', name);
const textOf = (name: string) => readFileSync(acme(name), 'utf8');
const event = () => parseSource(textOf('event.json'), 'event.json');

const executablePath = chromiumPath();
const leftOut = '[left out: no Chromium; install it, or set CHROMIUM_PATH]';
function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath) describe(name, tests);
  else describe.skip(`${name} ${leftOut}`, tests);
}

describeInBrowser("the customer's page in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let opened: OpenedPage | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'customer-page-'));
    browser = await launchChromium(executablePath ?? '');
  });
  afterEach(() => opened?.close());
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(...input: Parameters<typeof OpenedPage.file>): Promise<OpenedPage> {
    opened = await OpenedPage.open(browser, await OpenedPage.file(...input));
    return opened;
  }

  it('is at most 900 kB, asks nobody for anything and keeps nothing', async () => {
    const url = await OpenedPage.file({ event: event() });
    expect(readFileSync(new URL(url)).length).toBeLessThan(900_000);
    opened = await OpenedPage.open(browser, url);
    const { page } = opened;
    await expect(opened.shown()).resolves.toEqual({ title: 'Nothing of yours is checked yet', faults: [] });
    await opened.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    const { title, faults } = await opened.shown();
    expect([title, faults.length]).toEqual(['Reports will be refused', 3]);
    expect(opened.seen).toEqual([]);
    expect(page.url()).toBe(url);
    await expect(opened.context.storageState({ indexedDB: true })).resolves.toEqual({ cookies: [], origins: [] });
  });

  it('is accessible and fits, whatever it shows, in light and dark, on a phone and on a desk', async () => {
    const page = await open({ event: event() });
    const looks = [
      { colorScheme: 'light', width: 400 },
      { colorScheme: 'dark', width: 1400 },
      { colorScheme: 'light', width: 1400 },
      { colorScheme: 'dark', width: 400 },
    ] as const;
    const check = async (state: string) => {
      for (const { colorScheme, width } of looks) {
        await page.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.page.setViewportSize({ width, height: 900 });
        const found = { violations: await page.violations(), sticksOut: await page.sticksOut() };
        expect({ state, colorScheme, width, ...found }).toEqual({
          state,
          colorScheme,
          width,
          violations: [],
          sticksOut: false,
        });
      }
    };
    await check('empty');
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    await check('faults');
    await page.tab('Template').click();
    await page.page.getByRole('button', { name: 'Start from the shipped template' }).click();
    await page.judged();
    await page.paste('RCP', JSON.stringify(perimeter));
    await check('parameters and questions');
    expect(page.seen).toEqual([]);
  });

  it('mends two documents by the keyboard alone, takes back what was applied, and downloads', async () => {
    const page = await open({ event: event() });
    const { keyboard } = page.page;
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    await page.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const focused = () =>
      page.page.evaluate(() => {
        const { activeElement } = document;
        return (
          activeElement?.getAttribute('data-do') ?? activeElement?.getAttribute('role') ?? activeElement?.className
        );
      });
    const tabTo = async (wanted: string) => {
      for (let steps = 0; steps < 200; steps++) {
        if ((await focused()) === wanted) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab never comes to ${wanted}`);
    };
    await tabTo('tab');
    await keyboard.press('Home');
    await expect(page.tab('Bucket policy').getAttribute('aria-selected')).resolves.toBe('true');
    // Into the editor and out of it again.
    await tabTo('editor');
    await tabTo('jump');
    await keyboard.press('Enter');
    await expect(focused()).resolves.toBe('editor');
    for (let applied = 0; applied < 8; applied++) {
      if ((await page.page.locator('button[data-do=apply]').count()) === 0) break;
      await tabTo('apply');
      await keyboard.press('Enter');
      await page.judged();
      // What was just done can be taken back from where the keyboard is.
      await expect(focused()).resolves.toBe('undo');
      if (applied > 0) continue;
      await keyboard.press('Enter');
      await page.judged();
      await expect(page.shown()).resolves.toMatchObject({ title: 'Reports will be refused' });
    }
    await expect(page.shown()).resolves.toEqual({ title: 'It works', faults: [] });
    const download = page.page.waitForEvent('download');
    await page.page.locator('#finish button[data-do=download]').first().focus();
    await keyboard.press('Enter');
    const saved = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    expect(JSON.stringify(saved)).toContain('aws:kms');
    await expect(page.page.locator('#for-the-service').textContent()).resolves.toContain('passed');
    expect(page.seen).toEqual([]);
  });

  it('leads from a fault to its line', async () => {
    const page = await open({ event: event() });
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    await page.page.locator('button.jump', { hasText: 'Bucket policy, line 21' }).first().click();
    await expect(page.tab('Bucket policy').getAttribute('aria-selected')).resolves.toBe('true');
    await expect(page.page.locator('[role=tabpanel]:not([hidden]) .cm-activeLine').textContent()).resolves.toContain(
      '"Effect": "Deny"',
    );
  });

  it('puts what is pasted into the wrong tab where it belongs', async () => {
    const page = await open({ event: event() });
    await page.paste('Bucket policy', textOf('key-policy.json'));
    await expect(page.tab('Key policy').getAttribute('aria-selected')).resolves.toBe('true');
    await expect(page.editor.textContent()).resolves.toContain('kms:Encrypt');
    await page.tab('Bucket policy').click();
    await expect(page.page.locator('[role=tabpanel]:not([hidden]) .cm-placeholder').count()).resolves.toBe(1);
  });

  it('asks what the documents leave open, and takes the answer', async () => {
    const page = await open({ event: event() });
    await page.paste('RCP', JSON.stringify(perimeter));
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not known yet' });
    await page.page.locator('#questions [data-field=serviceOrganization] input').fill('o-service123');
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'It works' });
    await page.page.locator('#questions [data-field=serviceOrganization] input').fill('o-other456');
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'Reports will be refused' });
  });

  it('holds the service to be who it says that it is, whatever a document names', async () => {
    const deliveryRoleArn = 'arn:aws:iam::999999999999:role/secure-inbox-delivery';
    const mended = textOf('bucket-policy.json')
      .replace('acme-reports"\n', 'acme-reports/*"\n')
      .replace('AES256', 'aws:kms');
    const trusting = await open({});
    await trusting.paste('Bucket policy', mended);
    await expect(trusting.shown()).resolves.toMatchObject({ title: 'It works' });
    await trusting.close();
    const page = await open({ service: { deliveryRoleArn } });
    await page.paste('Bucket policy', mended);
    await expect(page.shown()).resolves.toMatchObject({ title: 'Reports will be refused' });
  });

  it('lets the documents of the service be edited where it was made so', async () => {
    const page = await open({ everything: true });
    await expect(page.shown()).resolves.toMatchObject({ title: 'It works' });
    await page.tab('Role policy').click();
    await page.page.locator('[role=tabpanel]:not([hidden]) button[data-do=clear]').click();
    await page.paste(
      'Role policy',
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }),
    );
    const { title, faults } = await page.shown();
    expect(title).toBe('Reports will be refused');
    expect(faults.join()).toContain('kms:');
  });

  it('runs nothing that a document holds, or is called', async () => {
    const hostile = `</script></style><script>pwned=1</script><svg onload=pwned=1><img src=//x.invalid/x onerror=pwned=1>'"\`\u202e`;
    const text = textOf('bucket-policy.json')
      .replaceAll('DenyOtherEncryption', JSON.stringify(hostile).slice(1, -1))
      .replaceAll('AES256', hostile.replaceAll('"', ''));
    const page = await open({
      event: event(),
      begins: {
        documents: [
          { name: `${hostile}.json`, text, as: 'customer.inbox.bucketPolicy' },
          { name: hostile, text: hostile },
        ],
        told: { sourceIp: hostile },
      },
    });
    await page.paste('Key policy', textOf('key-policy.json').replace('DeliverReports', 'x<img src=x onerror=pwned=1>'));
    const harm = await page.page.evaluate(() => ({
      ran: 'pwned' in globalThis,
      elements: document.querySelectorAll('img, [onload], [onerror]').length,
      scripts: document.querySelectorAll('script').length,
    }));
    expect(harm).toEqual({ ran: false, elements: 0, scripts: 2 });
    expect(page.seen).toEqual([]);
  });

  it('goes on answering with five megabytes, a million brackets and deep nesting in it', async () => {
    const page = await open({ event: event() });
    await page.paste('SCP', '['.repeat(1_000_000));
    await expect(page.page.locator('#faults .problems li').count()).resolves.toBeGreaterThan(0);
    await page.paste('Template', '{"Version": "2012-10-17"}\n'.repeat(200_000));
    await expect(page.page.locator('#faults .problems li').allTextContents()).resolves.toContainEqual(
      expect.stringContaining('1,048,576'),
    );
    await page.paste('RCP', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    await page.tab('Bucket policy').click();
    await page.page.keyboard.press('Tab');
    await page.editor.focus();
    await page.page.keyboard.insertText('{');
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not checked' });
    for (const tab of ['SCP', 'Template', 'RCP', 'Bucket policy']) {
      await page.tab(tab).click();
      await page.page.locator('[role=tabpanel]:not([hidden]) button[data-do=clear]').click();
    }
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'Nothing of yours is checked yet' });
    expect(page.seen).toEqual([]);
  });

  it('never says that it works beside a file that it could not read or does not use', async () => {
    const page = await open({ event: event() });
    const [latin, notes] = [join(folder, 'latin.json'), join(folder, 'notes.json')];
    writeFileSync(latin, Buffer.from([0x7b, 0xe4, 0x7d]));
    writeFileSync(notes, JSON.stringify({ shopping: ['milk'] }));
    await page.drop(latin);
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not checked' });
    await page.paste(
      'Key policy',
      textOf('key-policy.json').replace('kms:Encrypt"', 'kms:*"').replace('us-east-1', 'eu-central-1'),
    );
    await expect(page.shown()).resolves.toMatchObject({ title: 'It works' });
    await page.drop(notes);
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not right yet' });
    await expect(page.page.locator('#verdict').textContent()).resolves.toContain('notes.json');
  });

  it('warns before what was changed is closed, and keeps it in its address only where it is told to', async () => {
    const page = await open({ event: event() });
    await page.drop(acme('bucket-policy.json'));
    expect(page.page.url()).not.toContain('#');
    await page.page.locator('#link summary').click();
    await page.page.locator('#in-address').check();
    await page.page.waitForFunction(() => location.hash.length > 100);
    const second = await page.context.newPage();
    await second.goto(page.page.url());
    await second.locator('#faults .diagnosis').first().waitFor();
    await expect(second.locator('#verdict h2').textContent()).resolves.toContain('Reports will be refused');
    await second.close();

    await page.editor.focus();
    await page.page.keyboard.insertText(' ');
    const asked = page.page.waitForEvent('dialog');
    await page.page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.accept();
  });

  it('follows files of who serves it, and leaves alone what was changed here', async () => {
    const documents = [{ name: 'bucket-policy.json', text: textOf('bucket-policy.json') }];
    const url = await OpenedPage.file({ event: event(), begins: { documents, follows: true } });
    const served = await servePage(readFileSync(new URL(url), 'utf8'));
    try {
      opened = await OpenedPage.open(browser, served.url);
      const { page, editor, seen } = opened;
      const changed = (sid: string) => [
        { name: 'bucket-policy.json', text: textOf('bucket-policy.json').replace('DenyOtherEncryption', sid) },
      ];
      served.tell(changed('FromDisk'));
      await page.locator('#faults', { hasText: 'FromDisk' }).waitFor();
      await editor.focus();
      await page.keyboard.insertText(' ');
      served.tell(changed('Later'));
      await page.getByRole('button', { name: 'Take what is on disk' }).waitFor();
      await expect(editor.textContent()).resolves.toContain('FromDisk');
      await page.getByRole('button', { name: 'Take what is on disk' }).click();
      await page.locator('#faults', { hasText: 'Later' }).waitFor();
      expect(seen.filter((one) => one !== `request: ${served.url}events`)).toEqual([]);
    } finally {
      await opened?.close();
      await served.stop();
    }
  });

  describe('twenty customers', () => {
    const scenarios = [
      'bucket-policy/silent',
      'bucket-policy/bucket-arn-only',
      'bucket-policy/actions-to-read-only',
      'bucket-policy/prefix-is-another',
      'bucket-policy/principal-is-a-deleted-role',
      'bucket-policy/principal-is-another-role',
      'bucket-policy/sse-s3-demanded',
      'bucket-policy/acl-demanded',
      'bucket-policy/source-ip-denied',
      'bucket-policy/vpc-endpoint-demanded',
      'bucket-policy/any-key-forbidden',
      'key-policy/silent',
      'key-policy/decrypt-forgotten',
      'key-policy/encrypt-instead-of-generate-data-key',
      'key-policy/via-service-of-another-region',
      'key-policy/principal-is-another-account',
      'key-policy/inbox-only-forgotten',
      'resource-control-policy/s3-identity-perimeter',
      'combined/bucket-and-key-of-the-inbox',
      'several-faults/customer-did-nothing',
    ];

    it('are judged as preflight judges them', async () => {
      const app = await assembly();
      const folders: { readonly scenario: string; readonly files: readonly string[]; readonly path: string }[] = [];
      for (const [at, scenario] of scenarios.entries()) {
        const { world, event: tested } = await loadScenario(join(root, 'scenarios', `${scenario}.yaml`), app);
        const path = join(folder, `c${at}`);
        mkdirSync(path);
        const inbox = world.buckets.get(world.inboxBucket);
        const documents: Readonly<Record<string, unknown>> = {
          'event.json': {
            ...tested,
            customer: `c${at}`,
            deliveryRoleArn: world.deliveryRoleArn,
            internal: { bucket: world.internalBucket, ...tested.internal },
          },
          'bucket-policy.json': inbox?.policy,
          'key-policy.json': world.keys.get(world.inboxKeyArn)?.policy,
          'rcp.json': world.accounts
            .get(world.customerAccountId)
            ?.resourceControlPolicies.find(({ name }) => name !== 'RCPFullAWSAccess')?.document,
        };
        const files = Object.entries(documents).flatMap(([name, document]) => {
          if (document === undefined) return [];
          writeFileSync(join(path, name), JSON.stringify(document, null, 2));
          return [join(path, name)];
        });
        folders.push({ scenario, files, path });
      }
      const surroundings = testSurroundings();
      await main(['preflight', '--json', ...folders.map(({ path }) => path)], surroundings);
      const reports = JSON.parse(surroundings.written.stdout) as readonly Report[];

      const titles = {
        passed: 'It works',
        denied: 'Reports will be refused',
        misconfigured: "Reports can't be delivered as required",
        inconclusive: 'Not known yet',
      };
      const page = await open({});
      for (const [at, { scenario, files }] of folders.entries()) {
        await page.page.reload();
        await page.judged();
        await page.drop(...files);
        const { verdict, diagnoses = [] } = reports[at] ?? {};
        expect({ scenario, ...(await page.shown()) }).toEqual({
          scenario,
          title: titles[verdict ?? 'passed'],
          faults: diagnoses.map(({ summary }) => summary.replaceAll('`', '')),
        });
      }
      expect(page.seen).toEqual([]);
    });
  });
});

const perimeter = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Perimeter',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-service123' },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
  ],
};
