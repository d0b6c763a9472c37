import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acme, inChromium, textOf } from './in-chromium.ts';
import { perimeter } from './perimeter.ts';

export const use = inChromium("the customer's page in Chromium", ({ open }) => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'customer-page-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("trusts the service's values over those of a document", async () => {
    const deliveryRoleArn = 'arn:aws:iam::999999999999:role/secure-inbox-delivery';
    const fixed = textOf('bucket-policy.json')
      .replace('acme-reports"\n', 'acme-reports/*"\n')
      .replace('AES256', 'aws:kms');
    const trusting = await open({});
    await trusting.paste('Bucket policy', fixed);
    await expect(trusting.shown()).resolves.toMatchObject({ title: 'It works' });
    const page = await open({ service: { deliveryRoleArn } });
    await page.paste('Bucket policy', fixed);
    await expect(page.shown()).resolves.toMatchObject({ title: 'Reports will be refused' });
  });

  it('shows what the service knows of a customer without a test event', async () => {
    const known = { customer: 'globex', accountId: '333333333333', region: 'eu-west-1', prefix: 'in/' };
    const page = await open({ known, service: { internalBucket: 'waiting' } });
    const shown = (await page.page.locator('#service-body').textContent()) ?? '';
    for (const value of [...Object.values(known), 'waiting']) expect(shown).toContain(value);
  });

  it('lets the documents of the service be edited if it was created that way', async () => {
    const page = await open({ everything: true });
    await expect(page.shown()).resolves.toMatchObject({ title: 'It works' });
    await page.tab('Role policy').click();
    await page.panel.locator('button[data-do=clear]').click();
    await page.paste(
      'Role policy',
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }),
    );
    const { title, faults } = await page.shown();
    expect(title).toBe('Reports will be refused');
    expect(faults.join()).toContain('kms:');
  });

  // From here on, the page is emptied between tests instead of being reloaded.
  it('leads from a fault to its line', async () => {
    const page = await open();
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    await page.page.locator('button.jump', { hasText: 'Bucket policy, line 21' }).first().click();
    await expect(page.tab('Bucket policy').getAttribute('aria-selected')).resolves.toBe('true');
    await expect(page.panel.locator('.cm-activeLine').textContent()).resolves.toContain('"Effect": "Deny"');
  });

  it('judges documents that come together twice: what they are, and what follows', async () => {
    const page = await open();
    const asked = () => page.page.evaluate(() => Number(document.documentElement.dataset['asked']));
    const before = await asked();
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    expect((await asked()) - before).toBe(2);
  });

  it('moves what is pasted into the wrong tab to the right one', async () => {
    const page = await open();
    await page.paste('Bucket policy', textOf('key-policy.json'));
    await expect(page.tab('Key policy').getAttribute('aria-selected')).resolves.toBe('true');
    await expect(page.editor.textContent()).resolves.toContain('kms:Encrypt');
    await page.tab('Bucket policy').click();
    await expect(page.panel.locator('.cm-placeholder').count()).resolves.toBe(1);
  });

  it('asks what the documents leave open, and uses the answer', async () => {
    const page = await open();
    await page.paste('RCP', JSON.stringify(perimeter));
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not known yet' });
    await page.page.locator('#questions [data-field=serviceOrganization] input').fill('o-service123');
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'It works' });
    await page.page.locator('#questions [data-field=serviceOrganization] input').fill('o-other456');
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'Reports will be refused' });
  });

  it('shows the problem of an answer at its field, and the open questions', async () => {
    const page = await open();
    await page.paste('RCP', JSON.stringify(perimeter));
    const input = page.page.locator('#questions [data-field=serviceOrganization] input');
    await input.fill('acme');
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not checked' });
    await expect(input.getAttribute('aria-invalid')).resolves.toBe('true');
    const border = () => input.evaluate((one) => getComputedStyle(one).borderColor);
    const wrong = await border();
    await expect(page.page.locator('#questions .wrong').textContent()).resolves.toContain('"acme"');
    await input.fill('o-service123');
    await page.judged();
    await expect(input.getAttribute('aria-invalid')).resolves.toBe('false');
    expect(await border()).not.toBe(wrong);
    const Condition = { StringNotEquals: { 'aws:PrincipalTag/team': 'x' } };
    const [statement] = perimeter.Statement;
    await page.clear();
    await page.paste('RCP', JSON.stringify({ ...perimeter, Statement: [{ ...statement, Condition }] }));
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not known yet' });
    await expect(page.page.locator('#for-the-service').textContent()).resolves.toMatch(/\btags\b/);
  });

  it("judges a pasted SCP as one of the customer's account from the start", async () => {
    const page = await open();
    const Statement = [{ Effect: 'Deny', Action: '*', Resource: '*' }];
    await page.paste('SCP', JSON.stringify({ Version: '2012-10-17', Statement }));
    await expect(page.shown()).resolves.toMatchObject({ title: 'It works' });
  });

  it('never says that it works next to a file that it could not read or does not use', async () => {
    const page = await open();
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

  it('keeps naming what it could not read while another document moves to its tab', async () => {
    const page = await open();
    const [pdf, empty] = [join(folder, 'policy.pdf'), join(folder, 'empty.json')];
    writeFileSync(pdf, '%PDF-1.7');
    writeFileSync(empty, '');
    await page.drop(pdf, empty, acme('bucket-policy.json'));
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not checked' });
    const problems = await page.page.locator('#faults .problems li').allTextContents();
    expect(problems.map((text) => text.split(':')[0])).toEqual(['policy.pdf', 'empty.json']);
  });

  it('keeps two policies of one bucket that come together, until one is removed', async () => {
    const page = await open();
    const second = join(folder, 'other-bucket-policy.json');
    writeFileSync(second, textOf('bucket-policy.json').replace('DenyOtherEncryption', 'Other'));
    await page.drop(acme('bucket-policy.json'), second);
    await expect(page.shown()).resolves.toMatchObject({ title: 'Not checked' });
    await page.tab('Bucket policy: other').click();
    await page.panel.getByRole('button', { name: 'Remove' }).click();
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'Reports will be refused' });
    await expect(page.focused()).resolves.toBe('tab');
    // A later version replaces the earlier one.
    await page.drop(second);
    await expect(page.tab('Bucket policy').count()).resolves.toBe(1);
    await expect(page.editor.textContent()).resolves.toContain('Other');
  });

  it('reads a dropped folder and its subfolders', async () => {
    const page = await open();
    const [dropped, inner, nothing] = ['dropped', 'dropped/inner', 'nothing'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [inner, nothing]) mkdirSync(path, { recursive: true });
    writeFileSync(join(dropped, 'bucket-policy.json'), textOf('bucket-policy.json'));
    writeFileSync(join(inner, 'key-policy.json'), textOf('key-policy.json'));
    writeFileSync(join(dropped, 'notes.md'), 'Statement');
    await page.dropAt(dropped);
    const { title, faults } = await page.shown();
    expect([title, faults.length]).toEqual(['Reports will be refused', 3]);
    await page.dropAt(nothing);
    await expect(page.page.locator('#verdict').textContent()).resolves.toMatch(/nothing: holds no \.json/);
  });
});
