import { createHash } from 'node:crypto';
import axe from 'axe-core';
import { JSDOM, VirtualConsole } from 'jsdom';
import { edgeStates } from '../../../../cli/views/edge-states.ts';
import { renderPage } from '../../../../cli/views/html/page.ts';
import type { Report } from '../../../../core/report.ts';
import { captured, capturedReport, fullReport, withHostileStrings } from './captured.ts';
import { chromiumPath } from './chromium.ts';

const generatedAt = new Date('2026-01-02T03:04:05Z');
const page = (...reports: readonly Report[]) => renderPage(reports, { generatedAt });
// A document without a window: jsdom takes longer for its style than for all else.
const parser = new new JSDOM().window.DOMParser();
const dom = (markup: string) => parser.parseFromString(markup, 'text/html');
const text = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

function labelOf(edge: Element): string {
  const found = Object.entries(edgeStates).find(([state]) => edge.classList.contains(`is-${state}`));
  return found?.[1].label ?? 'no state';
}

describe('the page of one report', () => {
  const markup = page(capturedReport('silent-bucket-policy'));
  const document = dom(markup);

  it('says in one sentence what is wrong and who acts', () => {
    expect(text(document.querySelector('h1'))).toBe('Reports for acme are refused');
    expect(text(document.querySelector('.lead'))).toMatch(
      /^Most likely, .* the customer \(Account B, 222222222222\) has to act\.$/,
    );
  });

  it('draws every edge twice, once for each width, and each leads to its details', () => {
    for (const name of ['wide', 'narrow']) {
      const links = [...document.querySelectorAll(`.drawing.${name} a.edge`)];
      expect(links).toHaveLength(8);
      for (const link of links) {
        const details = document.getElementById(link.getAttribute('href')?.slice(1) ?? '');
        const label = labelOf(link);
        expect(text(details)).toContain(label);
        // In words too, so that nothing depends on color.
        expect(text(link)).toContain(label);
        expect(link.getAttribute('aria-label')).toContain(label);
      }
    }
  });

  it('has the remedy with who applies it, where, and if it was verified', () => {
    const remedy = document.querySelector('.remedy');
    expect(text(remedy)).toContain('Account B, 222222222222');
    expect(text(remedy)).toContain('secure-inbox-222222222222-us-east-1');
    expect(remedy?.querySelector('.verified .icon')?.classList.contains('good')).toBe(true);
    const [diagnosis] = capturedReport('silent-bucket-policy').diagnoses;
    const source = document.getElementById(remedy?.querySelector('button')?.dataset['copies'] ?? '');
    expect(JSON.parse(source?.textContent ?? '')).toEqual(diagnosis?.remedy?.statement);
  });

  it('says what to do right below the verdict, and once', () => {
    const parts = [...document.querySelectorAll('.report > *')];
    expect(parts[0]?.matches('.verdict')).toBe(true);
    expect(parts[1]?.querySelectorAll('.diagnosis .remedy')).toHaveLength(1);
    expect(document.querySelectorAll('.remedy')).toHaveLength(1);
  });

  it('quotes AWS, lists the candidates, and has the report whole', () => {
    const report = capturedReport('silent-bucket-policy');
    expect(text(document.querySelector('blockquote'))).toBe('Access Denied');
    expect(document.querySelectorAll('.grounds .candidates li')).toHaveLength(
      report.diagnoses[0]?.candidates.length ?? 0,
    );
    expect(JSON.parse(document.getElementById('r0-raw')?.textContent ?? '')).toEqual(report);
  });

  it('allows its own style and script by their hashes and nothing else', () => {
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';
    const digest = (selector: string) =>
      createHash('sha256')
        .update(document.querySelector(selector)?.textContent ?? '')
        .digest('base64');
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${digest('style')}'; script-src 'sha256-${digest('script')}'; base-uri 'none'; form-action 'none'`,
    );
    expect(document.querySelectorAll('style, script, link, img, iframe, [style]')).toHaveLength(2);
  });

  it('is the same for the same report and time', () => {
    expect(page(capturedReport('silent-bucket-policy'))).toBe(markup);
  });
});

it.each(captured)('%s: has no id twice, and is under 150 kB', (name) => {
  const markup = page(capturedReport(name));
  expect(Buffer.byteLength(markup)).toBeLessThan(150_000);
  const ids = [...markup.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(15);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

// If there is a browser, its test does the same with colors and on more pages, and jsdom takes seconds for it.
const withoutBrowser: readonly (readonly [string, readonly Report[]])[] = [
  ['one', [capturedReport('disabled-key')]],
  ['many', [capturedReport('passed'), capturedReport('slow-down')]],
];
it.each(chromiumPath() === undefined ? withoutBrowser : [])('the page of %s is accessible', async (_, reports) => {
  // jsdom takes seconds for the styles, and paints nothing.
  const { window } = new JSDOM(page(...reports).replace(/<style>.*<\/style>/s, ''), {
    runScripts: 'outside-only',
    // Without this, jsdom logs each unsupported feature that axe uses.
    virtualConsole: new VirtualConsole(),
  });
  window.eval(axe.source);
  const found = await window.eval(
    "axe.run({ resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } })",
  );
  expect(found).toMatchObject({ violations: [] });
});

it('does not present an unverified remedy as verified', () => {
  const [only] = capturedReport('silent-bucket-policy').diagnoses;
  if (!only?.remedy) throw new Error('It has a remedy');
  const { verified: _, ...remedy } = only.remedy;
  const report = { ...capturedReport('silent-bucket-policy'), diagnoses: [{ ...only, remedy }] };
  expect(dom(page(report)).querySelector('.verified .icon')?.classList.contains('good')).toBe(false);
});

it('has the places of statements, the notes, and the statements of other candidates', () => {
  const document = dom(page(fullReport()));
  expect(text(document.querySelector('.notes'))).toBe(
    'More than needed: The whole account is trusted. bucket-policy.json:12:3',
  );
  expect(text(document.querySelector('.grounds .fields'))).toContain(
    'DenyOthers of bucket policy (bucket-policy.json:12:3)',
  );
  expect(text(document.querySelector('.edge-details.bad'))).toContain(
    'Nothing allows the request. Closest comes DenyOthers',
  );
  const other = document.querySelector('.candidates button')?.getAttribute('data-copies') ?? '';
  expect(JSON.parse(document.getElementById(other)?.textContent ?? '')).toHaveProperty('Effect', 'Allow');
});

it('says what the report is based on, if not on AWS', () => {
  const basis = 'a simulation of both accounts, not AWS';
  const [one, many] = [[capturedReport('passed')], [capturedReport('passed'), capturedReport('slow-down')]];
  expect(text(dom(renderPage(one, { generatedAt, basis })).querySelector('.verdict'))).toContain(basis);
  expect(text(dom(renderPage(many, { generatedAt, basis })).querySelector('.overview-head'))).toContain(basis);
  expect(page(...one)).not.toContain(basis);
});

describe('the contents of a report', () => {
  const hostile = (number: number) =>
    `#${number}#</script></style><script>pwned=1</script><img src=x onerror=pwned=1>'"\`{{7*7}}\u202e\u2028]]>--><!--`;
  const { report, count } = withHostileStrings(fullReport(), hostile);

  it.each(['alone', 'among others'])('is never markup, %s', (how) => {
    const markup = how === 'alone' ? page(report) : page(report, capturedReport('passed'));
    const document = dom(markup);
    expect(count).toBeGreaterThan(50);
    expect(document.querySelectorAll('img, iframe, object, form, base, style ~ style')).toHaveLength(0);
    const scripts = [...document.querySelectorAll('script')].map((script) => script.type);
    expect(scripts).toEqual(how === 'alone' ? [''] : ['application/json', '']);
    const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'style')).toEqual([]);
    const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
    expect(links.filter((link) => !/^(#r\d+[-\w]*$|https:\/\/docs\.aws\.amazon\.com\/)/.test(link))).toEqual([]);
    expect(/[\u202e\u2028]/.test(markup)).toBe(false);
  });

  it('are shown anyway', () => {
    const document = dom(page(report));
    // The raw JSON contains everything, so it doesn't count here.
    document.querySelector('.raw')?.remove();
    const shown = text(document.body);
    const missing = Array.from({ length: count }, (_, number) => `#${number}#`).filter((mark) => !shown.includes(mark));
    expect(missing).toEqual([]);
  });

  it('are unchanged in the data of a page of many', () => {
    const data = dom(page(report, capturedReport('passed'))).getElementById('reports')?.textContent ?? '';
    expect(data).not.toMatch(/[<\u2028\u2029]/);
    expect(JSON.parse(data)).toContainEqual({ report });
  });
});

describe('the page of many reports', () => {
  const many = [
    'passed',
    'slow-down',
    'silent-bucket-policy',
    'inbox-in-another-region',
    'customer-did-nothing',
  ] as const;
  const document = dom(page(...many.map(capturedReport)));
  const rows = [...document.querySelectorAll('table.overview tbody tr')];

  it('starts with the number of each verdict', () => {
    expect(text(document.querySelector('.lead'))).toBe(
      '5 checks: 2 denied, 1 misconfigured, 1 inconclusive, 1 passed.',
    );
  });

  it('lists denied customers first, and customers of one verdict by name', () => {
    const customers = ['b2', 'b10', 'a', 'd', 'C'];
    const named = many.map((name, at) => ({ ...capturedReport(name), customer: customers[at] ?? '' }));
    const sorted = [
      ...dom(page(...named, { ...capturedReport('passed'), customer: 'B1' })).querySelectorAll('tbody tr'),
    ];
    expect(sorted.map((row) => [row.getAttribute('data-verdict'), text(row.querySelector('a'))])).toEqual([
      ['denied', 'a'],
      ['denied', 'C'],
      ['misconfigured', 'd'],
      ['inconclusive', 'b10'],
      ['passed', 'B1'],
      ['passed', 'b2'],
    ]);
  });

  it('leads from each row to a section that is built when it is opened', () => {
    const targets = rows.map((row) => row.querySelector('a')?.getAttribute('href')?.slice(1) ?? '');
    expect(targets.map((id) => document.getElementById(id)?.tagName)).toEqual(targets.map(() => 'DETAILS'));
    expect(document.querySelectorAll('svg.drawing')).toHaveLength(0);
  });

  it('names the test events without a report, even next to a single report', () => {
    const unanswered = [{ source: 'broken.json', problem: 'inbox.bucket: is missing <b>' }];
    const told = dom(renderPage([capturedReport('passed')], { generatedAt, unanswered }));
    expect(text(told.querySelector('.lead'))).toBe('2 checks: 1 passed, 1 without a report.');
    expect(text(told.querySelector('.notice'))).toContain('broken.json');
    expect(told.querySelector('.notice b')).toBeNull();
  });

  it('is a page even without any report', () => {
    const unanswered = [{ source: 'broken.json', problem: 'no' }];
    expect(text(dom(renderPage([], { generatedAt, unanswered })).querySelector('.lead'))).toBe(
      '1 check: 1 without a report.',
    );
  });

  it('distinguishes reports of one customer by their source', () => {
    const two = [capturedReport('passed'), capturedReport('slow-down')];
    const told = dom(renderPage(two, { generatedAt, sources: ['a.json', 'b.json'], title: 'Monday' }));
    expect(text(told.querySelector('h1'))).toBe('Monday');
    expect(text(told.querySelector('tbody tr'))).toContain('b.json');
  });
});
