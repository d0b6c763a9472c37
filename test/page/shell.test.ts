import { JSDOM } from 'jsdom';
import type { PageSettings } from '../../page/contract.ts';
import { renderShell, withSettings } from '../../page/shell.ts';

const page = renderShell({ style: 'p{}', script: 'run()', digest: (text) => `sha256-${text.length}` });
const dom = (markup: string) => new JSDOM(markup).window.document;
const policyOf = (markup: string) => dom(markup).querySelector('meta[http-equiv]')?.getAttribute('content') ?? '';
const settings: PageSettings = { service: { accountId: '111111111111' }, everything: false };

it('allows its own style, script and worker, and nothing else', () => {
  expect(policyOf(page).split('; ')).toEqual([
    "default-src 'none'",
    "style-src 'sha256-3'",
    "script-src 'sha256-5'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

it('contains its settings as data, whatever they contain', () => {
  const hostile = '</script><script>pwned=1</script>\u2028$&$1';
  const filled = withSettings(page, { ...settings, documents: [{ name: hostile, text: hostile }] });
  expect(dom(filled).querySelectorAll('script')).toHaveLength(2);
  expect(JSON.parse(dom(filled).getElementById('settings')?.textContent ?? '')).toMatchObject({
    documents: [{ name: hostile, text: hostile }],
  });
  expect(policyOf(filled)).toBe(policyOf(page));
  expect(withSettings(filled, settings)).toBe(withSettings(page, settings));
});

it('may connect to its server, and only if it is served', () => {
  expect(policyOf(withSettings(page, { ...settings, follows: true }))).toContain("connect-src 'self'");
  expect(policyOf(withSettings(page, settings))).not.toContain('connect-src');
});
