import { readFileSync } from 'node:fs';
import { servePage } from '../../cli/page/serve-page.ts';
import { acme, event, inChromium, textOf } from './in-chromium.ts';
import { OpenedPage } from './opened-page.ts';

export const kept = inChromium("the documents of the customer's page", ({ browser }) => {
  it('warns before closing with changes, and keeps them in its URL only on request', async () => {
    const page = await OpenedPage.open(browser(), await OpenedPage.file({ event }));
    await page.drop(acme('bucket-policy.json'));
    expect(page.page.url()).not.toContain('#');
    await page.page.locator('#link summary').click();
    await page.page.locator('#in-address').check();
    await page.page.waitForFunction(() => location.hash.length > 100, undefined, { polling: 20 });
    const second = await page.context.newPage();
    await second.goto(page.page.url());
    await second.locator('#faults .diagnosis').first().waitFor();
    await expect(second.locator('#verdict h2').textContent()).resolves.toBe(
      await page.page.locator('#verdict h2').textContent(),
    );
    await second.close();

    await page.editor.focus();
    await page.page.keyboard.insertText(' ');
    const asked = page.page.waitForEvent('dialog');
    await page.page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await page.close();
  });

  it('follows files of its server, and does not overwrite changes made here', async () => {
    const documents = [{ name: 'bucket-policy.json', text: textOf('bucket-policy.json') }];
    const url = await OpenedPage.file({ event, begins: { documents, follows: true } });
    const served = await servePage(readFileSync(new URL(url), 'utf8'));
    try {
      const opened = await OpenedPage.open(browser(), served.url);
      const { page, editor, seen } = opened;
      const changed = (sid: string) => [
        { name: 'bucket-policy.json', text: textOf('bucket-policy.json').replace('DenyOtherEncryption', sid) },
      ];
      served.tell(changed('FromDisk'));
      await page.locator('#faults', { hasText: 'FromDisk' }).waitFor();
      await editor.focus();
      await page.keyboard.insertText(' ');
      served.tell(changed('Later'));
      await page.getByRole('button', { name: 'Use the version on disk' }).waitFor();
      await expect(editor.textContent()).resolves.toContain('FromDisk');
      await page.getByRole('button', { name: 'Use the version on disk' }).click();
      await page.locator('#faults', { hasText: 'Later' }).waitFor();
      expect(seen.filter((one) => one !== `request: ${served.url}events`)).toEqual([]);
      await served.stop();
      await page.locator('.documents .notice', { hasText: 'no longer follows' }).waitFor();
      await opened.close();
    } finally {
      await served.stop();
    }
  });
});
