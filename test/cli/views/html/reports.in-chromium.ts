import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { renderPage } from '../../../../cli/views/html/page.ts';
import type { Report } from '../../../../core/report.ts';
import { inChromium } from '../../../page/in-chromium.ts';
import { capturedReport, withHostileStrings } from './captured.ts';

/** The page as a user opens it: a file, in a browser. */

const generatedAt = new Date('2026-01-02T03:04:05Z');
const hostile = (number: number) =>
  `${number}</script></style><script>pwned=1</script><svg onload=pwned=1><img src=//x.invalid/x onerror=pwned=1>'"\``;
const many: readonly Report[] = [
  ...(['passed', 'slow-down', 'customer-did-nothing', 'inbox-in-another-region', 'role-not-assumed'] as const).map(
    (name) => ({ ...capturedReport(name), customer: name }),
  ),
  { ...withHostileStrings(capturedReport('three-faults'), hostile).report, durationMs: 0 },
];

const [lightPhone, darkPhone] = [
  { colorScheme: 'light', width: 400 },
  { colorScheme: 'dark', width: 400 },
] as const;
const [lightDesk, darkDesk] = [
  { colorScheme: 'light', width: 1400 },
  { colorScheme: 'dark', width: 1400 },
] as const;

export const reports = inChromium('the page of reports', ({ browser }) => {
  let context: BrowserContext;
  let page: Page;
  let folder: string;
  let file: string;
  /** Errors of the page, and requests for anything other than itself. */
  let seen: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pages-'));
    file = join(folder, 'page.html');
    context = await browser().newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
    page.on('console', (message) => seen.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) seen.push(`request: ${request.url()}`);
    });
  });

  beforeEach(async () => {
    seen = [];
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  afterAll(async () => {
    await context?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(...reports: readonly Report[]): Promise<void> {
    writeFileSync(file, renderPage(reports, { generatedAt }));
    await page.goto(pathToFileURL(file).href);
  }

  async function violations(rules?: readonly string[]): Promise<readonly string[]> {
    // The page allows only its own scripts, but that doesn't limit what a tool evaluates.
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
    const { violations: found } = await page.evaluate(
      (only) =>
        (globalThis as unknown as { axe: typeof axe }).axe.run({
          resultTypes: ['violations'],
          ...(only && { runOnly: [...only] }),
        }),
      rules,
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  const sticksOut = () =>
    page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  const shownDetails = () => page.locator('.edge-details:visible');

  describe.each([
    {
      name: 'denied',
      reports: [capturedReport('silent-bucket-policy')],
      looks: [lightPhone, darkDesk, lightDesk, darkPhone],
    },
    { name: 'passed', reports: [capturedReport('passed')], looks: [darkPhone] },
    { name: 'misconfigured', reports: [capturedReport('disabled-key')], looks: [lightDesk] },
    { name: 'many', reports: many, looks: [lightPhone, darkDesk] },
  ])('$name', ({ name, reports, looks }) => {
    it('is accessible and fits, in light and dark, on a phone and on a desk, and keeps to itself', async () => {
      await open(...reports);
      if (name === 'many') await page.locator('details.customer > summary').first().click();
      for (const [at, { colorScheme, width }] of looks.entries()) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        // At a width that was already tested, only contrast can differ.
        const isTried = looks.slice(0, at).some((look) => look.width === width);
        const found = {
          violations: await violations(isTried ? ['color-contrast'] : undefined),
          sticksOut: await sticksOut(),
        };
        expect({ colorScheme, width, ...found }).toEqual({ colorScheme, width, violations: [], sticksOut: false });
      }
      expect(seen).toEqual([]);
    });
  });

  it('starts with the details of the denial', async () => {
    await open(capturedReport('decrypt-not-allowed'));
    await expect(shownDetails().locator('h3').allTextContents()).resolves.toEqual(['kms:Decrypt']);
  });

  it('shows the details of the edge that is clicked, or entered from the keyboard', async () => {
    await open(capturedReport('silent-bucket-policy'));
    await page.locator('.wide a.edge').nth(0).click();
    await expect(shownDetails().allInnerTexts()).resolves.toEqual([expect.stringContaining('sts:AssumeRole')]);

    const edges = await page.locator('.wide a.edge').count();
    for (let at = 1; at < edges; at++) {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const chosen = await page.locator('.wide a.edge[aria-current]').getAttribute('href');
      const details = await shownDetails().evaluateAll((all) => all.map(({ id }) => `#${id}`));
      expect(details).toEqual([chosen]);
      expect(chosen).not.toBe('#r0-e0');
    }
    expect(page.url()).not.toContain('#');
  });

  it('does so on a phone too, which has a different drawing', async () => {
    await open(capturedReport('silent-bucket-policy'));
    await page.setViewportSize({ width: 400, height: 900 });
    await expect(page.locator('.wide').isVisible()).resolves.toBe(false);
    await page.locator('.narrow a.edge').last().click();
    await expect(shownDetails().count()).resolves.toBe(1);
    await expect(page.locator('.narrow a.edge').last().getAttribute('aria-current')).resolves.toBe('true');
  });

  it('copies the statement, and says so', async () => {
    await open(capturedReport('silent-bucket-policy'));
    await page.locator('.remedy button.copy').click();
    await page.locator('button.copy', { hasText: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toEqual(capturedReport('silent-bucket-policy').diagnoses[0]?.remedy?.statement);
    await expect(page.locator('#announcement').textContent()).resolves.toBe('Copied.');
  });

  it('copies the old way if the browser blocks the clipboard', async () => {
    await open(capturedReport('silent-bucket-policy'));
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
    });
    await page.locator('.remedy button.copy').click();
    await page.locator('button.copy', { hasText: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toEqual(capturedReport('silent-bucket-policy').diagnoses[0]?.remedy?.statement);
  });

  it('prints the details of every edge', async () => {
    await open(capturedReport('passed'));
    await expect(shownDetails().count()).resolves.toBe(1);
    await page.emulateMedia({ media: 'print' });
    await expect(shownDetails().count()).resolves.toBe(8);
    await page.emulateMedia({ media: 'screen' });
  });

  it('runs nothing that a report contains', async () => {
    await open(...many);
    for (const summary of await page.locator('details.customer > summary').all()) await summary.click();
    await page
      .locator('svg.drawing.wide')
      .nth(many.length - 1)
      .waitFor();
    const harm = await page.evaluate(() => ({
      ran: 'pwned' in globalThis,
      images: document.querySelectorAll('img, [onload], [onerror]').length,
      scripts: document.querySelectorAll('script').length,
    }));
    expect(harm).toEqual({ ran: false, images: 0, scripts: 2 });
    expect(seen).toEqual([]);
  });

  describe('the overview', () => {
    const customers = () => page.locator('table.overview tbody tr:visible td:nth-child(2) a').allTextContents();

    it('sorts by the clicked column', async () => {
      await open(...many.slice(0, 5));
      await expect(customers()).resolves.toEqual([
        'customer-did-nothing',
        'role-not-assumed',
        'inbox-in-another-region',
        'slow-down',
        'passed',
      ]);
      await page.getByRole('button', { name: 'Customer' }).click();
      const byName = many.slice(0, 5).map(({ customer }) => customer);
      await expect(customers()).resolves.toEqual(byName.toSorted());
      await page.getByRole('button', { name: 'Customer' }).click();
      await expect(customers()).resolves.toEqual(byName.toSorted().toReversed());
      await expect(page.locator('th[aria-sort="descending"]').count()).resolves.toBe(1);
      await page.getByRole('button', { name: 'ms', exact: true }).click();
      const durations = await page.locator('tbody td.numeric').allTextContents();
      expect(durations.map(Number)).toEqual(durations.map(Number).toSorted((a, b) => a - b));
    });

    it('filters verdicts, and finds text', async () => {
      await open(...many.slice(0, 5));
      await page.locator('button.filter', { hasText: 'denied' }).click();
      await expect(customers()).resolves.toEqual(['inbox-in-another-region', 'slow-down', 'passed']);
      await page.locator('#find').fill('REGION');
      await expect(customers()).resolves.toEqual(['inbox-in-another-region']);
      await expect(page.locator('details.customer:visible').count()).resolves.toBe(1);
      await expect(page.locator('#shown').textContent()).resolves.toBe('1 of 5 shown');
    });

    it('leads to the section of a customer, which is built on demand', async () => {
      await open(...many.slice(0, 5));
      await expect(page.locator('svg.drawing').count()).resolves.toBe(0);
      await page.locator('table.overview a', { hasText: 'slow-down' }).click();
      await page.locator('h2', { hasText: 'The check for slow-down could not be completed' }).waitFor();
      await expect(page.locator('.report').count()).resolves.toBe(1);
      await expect(shownDetails().count()).resolves.toBe(1);
    });
  });
});
