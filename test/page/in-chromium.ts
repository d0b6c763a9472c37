import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { PageInput } from '../../cli/page/page-input.ts';
import { parseSource } from '../../model/text/document.ts';
import { chromiumPath, launchChromium } from '../cli/views/html/chromium.ts';
import { OpenedPage } from './opened-page.ts';

export const root = join(import.meta.dirname, '../..');
export const acme = (name: string) => join(root, 'examples/acme', name);
export const textOf = (name: string) => readFileSync(acme(name), 'utf8');
/** The test event of examples/acme, which most of these pages use. */
export const event = parseSource(textOf('event.json'), 'event.json');

export interface InChromium {
  readonly browser: () => Browser;
  /** Reopens the one page that all tests share. @default the page for `event` */
  readonly open: (input?: Partial<PageInput>) => Promise<OpenedPage>;
}

type Suite = (chromium: InChromium) => void;

/** Defines tests that `test/in-chromium.test.ts` runs. */
export function inChromium(name: string, tests: Suite): Suite {
  return (chromium) => describe(name, () => tests(chromium));
}

/** Runs tests with a shared browser and page, because starting them takes longer than most of the tests. */
export function describeInChromium(suites: readonly Suite[]): void {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    const leftOut = '[left out: no Chromium; install it, or set CHROMIUM_PATH]';
    describe.skip(leftOut, () => {
      for (const suite of suites) suite({ browser: refuse, open: refuse });
    });
    return;
  }
  describe('in Chromium', () => {
    let browser: Browser;
    let opened: OpenedPage | undefined;
    const urls = new Map<string, Promise<string>>();

    beforeAll(async () => {
      browser = await launchChromium(executablePath);
    });
    afterAll(() => browser?.close());

    const chromium: InChromium = {
      browser: () => browser,
      async open(input = { event }) {
        const key = JSON.stringify(input);
        const url = await (urls.get(key) ?? urls.set(key, OpenedPage.file(input)).get(key) ?? '');
        if (opened) await opened.show(url);
        else opened = await OpenedPage.open(browser, url);
        return opened;
      },
    };
    for (const suite of suites) suite(chromium);
  });
}

function refuse(): never {
  throw new Error('There is no Chromium.');
}
