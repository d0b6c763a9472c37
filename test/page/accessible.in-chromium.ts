import { readFileSync } from 'node:fs';
import { acme, inChromium } from './in-chromium.ts';
import { perimeter } from './perimeter.ts';

export const accessible = inChromium("the customer's page, for everybody", ({ open }) => {
  it('is accessible and fits, whatever it shows, in light and dark, on a phone and on a desk', async () => {
    const page = await open();
    // Contrast depends only on the colors, and overflow only on the width.
    const looks = [
      { colorScheme: 'light', width: 400, height: 900 },
      { colorScheme: 'dark', width: 1400, height: 900 },
    ] as const;
    const check = async (state: string) => {
      for (const { colorScheme, ...size } of looks) {
        await page.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.page.setViewportSize(size);
        const found = { violations: await page.violations(), sticksOut: await page.sticksOut() };
        expect({ state, colorScheme, ...found }).toEqual({ state, colorScheme, violations: [], sticksOut: false });
      }
      // A laptop with 200 % zoom.
      await page.page.setViewportSize({ width: 700, height: 450 });
      expect([state, await page.sticksOut()]).toEqual([state, false]);
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

  it('fixes two documents with the keyboard only, undoes a change, and downloads', async () => {
    const page = await open();
    const { keyboard } = page.page;
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    await page.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const tabTo = async (wanted: string) => {
      for (let steps = 0; steps < 200; steps++) {
        if ((await page.focused()) === wanted) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab never comes to ${wanted}`);
    };
    await tabTo('tab');
    await keyboard.press('Home');
    await expect(page.tab('Bucket policy').getAttribute('aria-selected')).resolves.toBe('true');
    // Moves into the editor and out of it again.
    await tabTo('editor');
    await tabTo('jump');
    await keyboard.press('Enter');
    await expect(page.focused()).resolves.toBe('editor');
    for (let applied = 0; applied < 8; applied++) {
      if ((await page.page.locator('button[data-do=apply]').count()) === 0) break;
      await tabTo('apply');
      await keyboard.press('Enter');
      await page.judged();
      // Undo can be reached from where the focus is.
      await expect(page.focused()).resolves.toBe('undo');
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

  it('edits with the usual keys of an editor, and keeps the indentation', async () => {
    const page = await open();
    const { keyboard } = page.page;
    await page.tab('SCP').click();
    await page.editor.focus();
    const lines = () => page.editor.locator('.cm-line').allTextContents();
    await keyboard.type('  a👍b');
    await keyboard.press('Enter');
    await keyboard.type('cd');
    await expect(lines()).resolves.toEqual(['  a👍b', '  cd']);
    await keyboard.press('Backspace');
    await keyboard.press('ArrowUp');
    await keyboard.press('End');
    await keyboard.press('Delete');
    for (const key of ['ArrowLeft', 'Backspace', 'Backspace', 'Shift+Home']) await keyboard.press(key);
    await expect(lines()).resolves.toEqual(['  b  c']);
    await keyboard.press('Delete');
    await expect(lines()).resolves.toEqual(['b  c']);
    for (const key of ['Control+z', 'Control+a', 'Backspace']) await keyboard.press(key);
    await expect(page.panel.locator('.cm-placeholder').count()).resolves.toBe(1);
  });

  // For half a second after it, editors draw all of a document: the next test takes longer.
  it('prints the verdict, the changes and the drawing', async () => {
    const page = await open();
    await page.drop(acme('bucket-policy.json'));
    await page.page.emulateMedia({ media: 'print' });
    const isShown = (selector: string) => page.page.locator(selector).first().isVisible();
    const shown = {
      verdict: await isShown('#verdict'),
      change: await isShown('.diff'),
      drawing: await isShown('.drawing.wide'),
      text: await isShown('#for-the-service'),
    };
    const hidden = {
      editor: await isShown('.editor'),
      apply: await isShown('[data-do=apply]'),
      link: await isShown('#link'),
    };
    await page.page.emulateMedia({ media: null });
    expect(shown).toEqual({ verdict: true, change: true, drawing: true, text: true });
    expect(hidden).toEqual({ editor: false, apply: false, link: false });
  });

  it('announces actions and their results once typing pauses', async () => {
    const page = await open();
    await page.page.evaluate(() => {
      const said: string[] = [];
      Object.assign(globalThis, { said });
      const status = document.getElementById('announcement');
      if (status) new MutationObserver(() => said.push(status.textContent ?? '')).observe(status, { childList: true });
    });
    const announced = (text: string) =>
      page.page.evaluate(async (wanted) => {
        const { said } = globalThis as unknown as { readonly said: string[] };
        while (!said.at(-1)?.includes(wanted)) await new Promise((resolve) => setTimeout(resolve, 20));
        return said;
      }, text);
    await page.drop(acme('bucket-policy.json'));
    const before = await announced('Reports will be refused.');
    await page.editor.focus();
    await page.page.keyboard.type('{{{', { delay: 20 });
    await announced('Not checked.');
    // How much Control+Z undoes depends on the typing speed.
    for (const key of Array(3).fill('Backspace')) await page.page.keyboard.press(key);
    await announced('Reports will be refused.');
    await page.page.locator('button[data-do=apply]').first().click();
    const said = (await announced('Applied: ')).slice(before.length);
    expect(said.map((text) => text.split(/[.:]/)[0])).toEqual(['Not checked', 'Reports will be refused', 'Applied']);
  });

  it('moves with the keyboard through documents, questions, findings and drawing, in this order', async () => {
    const page = await open();
    await page.drop(acme('bucket-policy.json'), acme('key-policy.json'));
    await page.paste('RCP', JSON.stringify(perimeter));
    await page.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const parts: string[] = [];
    for (let steps = 0; steps < 60; steps++) {
      await page.page.keyboard.press('Tab');
      const part = await page.page.evaluate(
        () =>
          document.activeElement?.closest('main > *, .work > *, .findings > *')?.getAttribute('aria-label') ??
          document.activeElement?.closest('[id]')?.closest('section, details')?.id ??
          '',
      );
      if (parts.at(-1) !== part) parts.push(part);
      if (part === 'link') break;
    }
    expect(parts).toEqual([
      'Documents',
      'questions-part',
      'Findings',
      'Permissions',
      'What to take along',
      'service',
      'link',
    ]);
  });
});
