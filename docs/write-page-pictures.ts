import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSource } from '../model/text/document.ts';
import { chromiumPath, launchChromium } from '../test/cli/views/html/chromium.ts';
import { OpenedPage } from '../test/page/opened-page.ts';

/**
 * The pictures of page.md: a customer with two documents and two mistakes in each comes to “It works”. Needs Chromium.
 */
const root = join(import.meta.dirname, '..');
const acme = (name: string) => join(root, 'examples/acme', name);

async function picture(opened: OpenedPage, name: string, scale: number): Promise<void> {
  const { page } = opened;
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 60,
    clip: { x: 0, y: await page.evaluate(() => scrollY), width, height, scale },
  });
  writeFileSync(join(import.meta.dirname, 'images', `page-${name}.webp`), Buffer.from(data, 'base64'));
  process.stdout.write(`${name}: ${await page.locator('#verdict h2').textContent()}\n`);
}

async function main(): Promise<void> {
  const browser = await launchChromium(chromiumPath() ?? '');
  const event = parseSource(readFileSync(acme('event.json'), 'utf8'), 'event.json');
  const opened = await OpenedPage.open(browser, await OpenedPage.file({ event }));
  const { page } = opened;
  await page.setViewportSize({ width: 1280, height: 960 });
  await picture(opened, '1-opened', 0.7);
  await opened.drop(acme('bucket-policy.json'), acme('key-policy.json'));
  await picture(opened, '2-faults', 0.7);
  await page.setViewportSize({ width: 400, height: 960 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(opened, 'phone', 0.9);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 960 });
  const apply = page.locator('button[data-do=apply]').first();
  for (let applied = 0; (await page.locator('button[data-do=apply]').count()) > 0; applied++) {
    await apply.click();
    await opened.judged();
    if (applied === 0) {
      await page.evaluate(() => scrollTo(0, 0));
      await picture(opened, '3-applied', 0.7);
    }
  }
  await page.evaluate(() => scrollTo(0, 0));
  await picture(opened, '4-works', 0.7);
  await page.locator('#finish').scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await picture(opened, '5-taken-along', 0.7);
  await browser.close();
}

void main();
