import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { renderPage } from '../../cli/views/html/page.ts';
import { captured, capturedReport } from '../../test/cli/views/html/captured.ts';
import { chromiumPath, launchChromium } from '../../test/cli/views/html/chromium.ts';
import type { Benchmark, Figure } from '../benchmark.ts';
import { spreadOf } from '../statistics.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const customers = 500;
const rounds = 10;
const generatedAt = new Date('2026-01-01T00:00:00Z');

export const htmlPage: Benchmark = {
  name: 'html-page',
  question: `How large is the page of one report, and how long does a browser take for that of ${customers}?`,
  async measure(progress) {
    const executablePath = chromiumPath();
    if (executablePath === undefined) throw new Error('html-page needs Chromium: install it, or set CHROMIUM_PATH.');
    progress.stage('Rendering…');
    const reports = captured.map(capturedReport);
    const sizes = reports.map((report) => Buffer.byteLength(renderPage([report], { generatedAt })));
    const many = Array.from({ length: customers }, (_, at) => ({
      ...(reports[at % reports.length] ?? capturedReport('passed')),
      customer: `customer-${at}`,
    }));
    const rendering = Array.from({ length: rounds }, () => {
      const since = performance.now();
      renderPage(many, { generatedAt });
      return performance.now() - since;
    });

    const page = renderPage(many, { generatedAt });
    const file = join(temporaryFolder(), 'page.html');
    writeFileSync(file, page);
    progress.stage('Opening it in Chromium…');
    const browser = await launchChromium(executablePath);
    try {
      const tab = await browser.newPage();
      const painted: number[] = [];
      const opened: number[] = [];
      for (let round = 0; round < rounds; round++) {
        progress.counter(`round ${round + 1} of ${rounds}`);
        await tab.goto('about:blank');
        await tab.goto(pathToFileURL(file).href);
        painted.push(await untilPainted(tab));
        opened.push(await openingSection(tab));
      }
      return figuresOf(sizes, Buffer.byteLength(page), rendering, painted, opened);
    } finally {
      await browser.close();
    }
  },
};

function figuresOf(
  sizes: readonly number[],
  size: number,
  rendering: readonly number[],
  painted: readonly number[],
  opened: readonly number[],
): readonly Figure[] {
  const median = (samples: readonly number[]) => ({ value: spreadOf(samples).median, spread: spreadOf(samples) });
  return [
    {
      what: 'page of one report, the largest',
      value: Math.max(...sizes) / 1000,
      unit: 'kB',
      goal: { atMost: 150 },
      note: `of ${sizes.length} reports of the sandbox; the smallest ${(Math.min(...sizes) / 1000).toFixed(1)} kB`,
    },
    { what: `page of ${customers} reports`, value: size / 1000, unit: 'kB' },
    { what: `page of ${customers}: rendered here`, unit: 'ms', ...median(rendering) },
    {
      what: `page of ${customers}: in Chromium, until it is painted`,
      unit: 'ms',
      goal: { atMost: 1000 },
      ...median(painted),
    },
    { what: `page of ${customers}: opening one of its sections`, unit: 'ms', ...median(opened) },
  ];
}

/** From the start of the navigation to the frame after everything was loaded and laid out. */
function untilPainted(tab: Page): Promise<number> {
  return tab.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
      }),
  );
}

/** Includes rendering the drawing; the first one also parses the reports. */
function openingSection(tab: Page): Promise<number> {
  return tab.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const since = performance.now();
        document.querySelector<HTMLElement>('details.customer > summary')?.click();
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - since)));
      }),
  );
}
