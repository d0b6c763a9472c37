import { readFileSync } from 'node:fs';
import { acme, event, inChromium, textOf } from './in-chromium.ts';
import { OpenedPage } from './opened-page.ts';

export const hostile = inChromium("the customer's page, with untrusted documents", ({ open }) => {
  it('is at most 900 kB, sends no requests and stores nothing', async () => {
    const url = await OpenedPage.file({ event });
    expect(readFileSync(new URL(url)).length).toBeLessThan(900_000);
    const page = await open();
    await expect(page.shown()).resolves.toEqual({ title: 'None of your documents are checked yet', faults: [] });
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    const { title, faults } = await page.shown();
    expect([title, faults.length]).toEqual(['Reports will be refused', 3]);
    expect(page.seen).toEqual([]);
    expect(page.page.url()).toMatch(/\.html$/);
    await expect(page.context.storageState({ indexedDB: true })).resolves.toEqual({ cookies: [], origins: [] });
  });

  it('keeps responding with five megabytes, a million brackets and deep nesting', async () => {
    const page = await open();
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
      await page.panel.locator('button[data-do=clear]').click();
    }
    await page.judged();
    await expect(page.shown()).resolves.toMatchObject({ title: 'None of your documents are checked yet' });
    expect(page.seen).toEqual([]);
  });

  it('runs nothing in a document or its name, and stays readable', async () => {
    const hostile = `</script></style><script>pwned=1</script><svg onload=pwned=1><img src=//x.invalid/x onerror=pwned=1>'"\`\u202e\u2066${'long'.repeat(80)}`;
    const text = textOf('bucket-policy.json')
      .replaceAll('DenyOtherEncryption', JSON.stringify(hostile).slice(1, -1))
      .replaceAll('AES256', hostile.replaceAll('"', ''));
    const page = await open({
      event,
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
    // Characters that change a text's direction are escaped, and long names don't widen the page.
    await expect(page.page.locator('main').textContent()).resolves.not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    await page.page.setViewportSize({ width: 400, height: 900 });
    await expect(page.sticksOut()).resolves.toBe(false);
  });
});
