import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { customerPage } from '../../cli/page/customer-page.ts';
import type { PageInput } from '../../cli/page/page-input.ts';
import { assembly } from '../../sandbox/assembly.ts';

export interface Shown {
  readonly title: string;
  readonly faults: readonly string[];
}

/** Named by their contents, so that the same page is one file. */
const folder = join(import.meta.dirname, '../../node_modules/.cache/customer-pages');

/** The customer's page as a user opens it: a file, in a browser. */
export class OpenedPage {
  /** Errors of the page, and requests for anything other than itself. */
  readonly seen: string[] = [];
  #own = '';

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {
    page.on('console', (message) => this.seen.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => this.seen.push(`error: ${error.message}`));
    // A page with changed documents asks before it closes.
    page.on('dialog', (dialog) => void dialog.accept());
    context.on('request', (request) => {
      const asked = request.url();
      // The worker runs the page's own script, from memory.
      if (asked !== this.#own && !asked.startsWith('blob:')) this.seen.push(`request: ${asked}`);
    });
  }

  static async file(input: Partial<PageInput> = {}): Promise<string> {
    const html = await customerPage({ everything: false, ...input }, await assembly());
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${createHash('sha256').update(html).digest('hex')}.html`);
    writeFileSync(file, html);
    return pathToFileURL(file).href;
  }

  static async open(browser: Browser, url: string): Promise<OpenedPage> {
    const context = await browser.newContext({ acceptDownloads: true });
    const opened = new OpenedPage(await context.newPage(), context);
    await opened.show(url);
    return opened;
  }

  /** Opens the page again in its initial state. */
  async show(url: string): Promise<void> {
    const { page, seen } = this;
    await page.emulateMedia({ media: null, colorScheme: null, reducedMotion: null, forcedColors: null });
    await page.setViewportSize({ width: 1400, height: 900 });
    const isEmptyAgain = this.#own === url && (await this.#emptied());
    seen.length = 0;
    if (isEmptyAgain) return;
    this.#own = url;
    await page.goto(url);
    await this.judged();
  }

  /** Removes everything that was entered, which is faster than loading the page. False if something remains. */
  async #emptied(): Promise<boolean> {
    const { page } = this;
    const changed = await page.evaluate(() => {
      const { asked } = document.documentElement.dataset;
      for (const input of document.querySelectorAll<HTMLInputElement>('#questions input:not([type=radio])')) {
        if (input.value === '') continue;
        input.value = '';
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      }
      for (const button of document.querySelectorAll<HTMLElement>('button[data-do=clear]')) button.click();
      document.querySelector<HTMLElement>('[role=tab]')?.click();
      (document.activeElement as HTMLElement | null)?.blur();
      scrollTo(0, 0);
      return asked;
    });
    await this.judged(changed);
    const { title, faults } = await this.shown();
    const problems = await page.locator('#faults .problems li, #documents .notice').count();
    return title === 'None of your documents are checked yet' && faults.length === 0 && problems === 0;
  }

  /**
   * Waits for a judgment of everything typed so far. Doesn't poll, which would make the browser draw frame after frame.
   *
   * @param before the number of an earlier question, if its judgment is not enough
   */
  async judged(before?: string): Promise<void> {
    await this.page.evaluate(async (asked) => {
      const root = document.documentElement;
      const { dataset } = root;
      while (dataset['asked'] === asked || dataset['judged'] !== dataset['asked'])
        await new Promise<void>((resolve) => {
          new MutationObserver((_, observer) => {
            observer.disconnect();
            resolve();
          }).observe(root, { attributeFilter: ['data-asked', 'data-judged'] });
        });
    }, before);
  }

  async drop(...files: readonly string[]): Promise<void> {
    await this.#judgedAfter(() => this.page.setInputFiles('#add-files', [...files]));
  }

  /** Drops files or folders, as from another window. */
  async dropAt(...paths: readonly string[]): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    await this.#judgedAfter(async () => {
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', { type, x: 300, y: 400, data });
    });
  }

  /** Pastes a text. */
  async paste(tab: string, text: string): Promise<void> {
    await this.tab(tab).click();
    await this.#judgedAfter(() =>
      this.editor.evaluate((content, pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, text),
    );
  }

  /** Removes every document. */
  async clear(): Promise<void> {
    await this.page.evaluate(() => {
      for (const button of document.querySelectorAll<HTMLElement>('button[data-do=clear]')) button.click();
    });
    await this.judged();
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name: new RegExp(`^${name}`) });
  }

  /** The panel of the selected tab. */
  get panel(): Locator {
    return this.page.locator('[role=tabpanel]:not([hidden])');
  }

  get editor(): Locator {
    return this.panel.locator('.cm-content');
  }

  async shown(): Promise<Shown> {
    const headings = await this.page.locator('#faults .diagnosis > h3').allTextContents();
    return {
      title: ((await this.page.locator('#verdict h2').textContent()) ?? '').trim(),
      faults: headings.map((text) => text.replace(/^\s*\d+\s*/, '').trim()),
    };
  }

  /** The element with the focus: its action, role or class. */
  focused(): Promise<string | undefined> {
    return this.page.evaluate(() => {
      const { activeElement: one } = document;
      return one?.getAttribute('data-do') ?? one?.getAttribute('role') ?? one?.className;
    });
  }

  async violations(): Promise<readonly string[]> {
    const { page } = this;
    // The page allows only its own scripts, but that doesn't limit what a tool evaluates.
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  sticksOut(): Promise<boolean> {
    return this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  }

  close(): Promise<void> {
    return this.context.close();
  }

  async #judgedAfter(act: () => Promise<unknown>): Promise<void> {
    const before = await this.page.evaluate(() => document.documentElement.dataset['asked']);
    await act();
    await this.judged(before);
  }
}
