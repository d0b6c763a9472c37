import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { chromiumPath, launchChromium } from '../../test/cli/views/html/chromium.ts';
import { OpenedPage } from '../../test/page/opened-page.ts';
import type { Benchmark } from '../benchmark.ts';
import { largeTemplate, resources, testEvent } from '../large-template.ts';
import { spreadOf } from '../statistics.ts';

const rounds = 10;
const keystrokes = 20;

export const customerPage: Benchmark = {
  name: 'customer-page',
  question: "How large is the customer's page, and how long does a browser take for a verdict?",
  async measure(progress) {
    const executablePath = chromiumPath();
    if (executablePath === undefined)
      throw new Error('customer-page needs Chromium: install it, or set CHROMIUM_PATH.');
    progress.stage('Writing the page…');
    const { buildWhatChanged } = await import('../../bin/build.mjs');
    await buildWhatChanged();
    const source = { file: 'event.json', value: testEvent, lineOf: () => 1 };
    const documents = [{ name: 'template.json', text: JSON.stringify(largeTemplate(), null, 2), as: 'template' }];
    const url = await OpenedPage.file({ event: source });
    const file = readFileSync(new URL(url));
    const large = await OpenedPage.file({ event: source, begins: { documents } });
    const browser = await launchChromium(executablePath);
    try {
      const first: number[] = [];
      for (let round = 0; round < rounds; round++) {
        progress.counter(`opened ${round + 1} of ${rounds} times`);
        const opened = await OpenedPage.open(browser, url);
        first.push(Number(await opened.page.evaluate(() => document.documentElement.dataset['firstAfter'])));
        await opened.close();
      }
      const opened = await OpenedPage.open(browser, large);
      await opened.tab('Template').click();
      await opened.editor.focus();
      const answers: number[] = [];
      for (let key = 0; key < keystrokes; key++) {
        progress.counter(`typed ${key + 1} of ${keystrokes} keys`);
        answers.push(await untilAnswered(opened.page));
      }
      await opened.close();
      const [opening, typing] = [spreadOf(first), spreadOf(answers.slice(keystrokes / 4))];
      return [
        { what: 'the page, filled in', value: file.length / 1000, unit: 'kB', goal: { atMost: 900 } },
        { what: 'the same, gzipped', value: gzipSync(file).length / 1000, unit: 'kB', goal: { atMost: 300 } },
        {
          what: 'first verdict after the page is opened',
          value: opening.min,
          unit: 'ms',
          goal: { atMost: 500 },
          spread: opening,
        },
        {
          what: `a keystroke to a new verdict, in a template of ${resources} resources`,
          value: typing.min,
          unit: 'ms',
          goal: { atMost: 50 },
          spread: typing,
          note: `after ${keystrokes / 4} keys to warm up`,
        },
      ];
    } finally {
      await browser.close();
    }
  },
};

/** From pressing a key to the verdict for the resulting text. */
async function untilAnswered(page: Page): Promise<number> {
  await page.evaluate(() => {
    const root = document.documentElement;
    addEventListener(
      'keydown',
      () => {
        const since = performance.now();
        const observer = new MutationObserver(() => {
          if (root.dataset['judged'] !== root.dataset['asked']) return;
          observer.disconnect();
          root.dataset['answeredAfter'] = String(performance.now() - since);
        });
        observer.observe(root, { attributeFilter: ['data-judged'] });
      },
      { once: true, capture: true },
    );
  });
  await page.keyboard.press('Space');
  const taken = await page.waitForFunction(() => document.documentElement.dataset['answeredAfter']);
  await page.evaluate(() => delete document.documentElement.dataset['answeredAfter']);
  return Number(await taken.jsonValue());
}
