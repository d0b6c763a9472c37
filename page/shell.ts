import { sprite } from '../cli/views/html/marks.ts';
import { Html, html } from '../cli/views/html/template.ts';
import type { PageSettings } from './contract.ts';

export interface ShellParts {
  readonly style: string;
  readonly script: string;
  /** Of a text, as a Content Security Policy has it: `sha256-…`. */
  readonly digest: (text: string) => string;
}

/** What stands in the page's data until it is filled in. */
export const emptySettings = '{"service":{},"everything":false}';
const workers = 'worker-src blob:';
const [dataStart, dataEnd] = ['<script type="application/json" id="settings">', '</script>'];

/** The page in one piece: nothing may be loaded, sent or run but its own style, script and worker. https://www.w3.org/TR/CSP3/ */
export function renderShell({ style, script, digest }: ShellParts): string {
  const policy = `default-src 'none'; style-src '${digest(style)}'; script-src '${digest(script)}'; ${workers}; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Will reports reach your Secure Inbox?</title>
<style>${new Html(style)}</style>
</head>
<body>
${sprite}
<main>
<header class="top">
<h1>Will reports reach your Secure Inbox?</h1>
<p class="lead">Paste or drop your bucket policy, key policy, template or organization policies. This page checks them while you type, and shows what to change. <strong>Nothing leaves this browser tab.</strong></p>
</header>
<noscript><p class="part notice">This page checks documents in your browser, which needs JavaScript.</p></noscript>
<section class="verdict faint" id="verdict" aria-label="Verdict"><h2 class="badge">Getting ready</h2></section>
<div class="work" id="work">
<section class="part documents" aria-label="Documents">
<p class="tools"><label class="button">Open files<input type="file" class="unseen" id="add-files" multiple></label> <span class="gloss">or drop them anywhere on this page, or paste below.</span></p>
<div role="tablist" aria-label="Documents" id="tabs"></div>
<div id="panels"></div>
</section>
<div class="findings">
<section class="part questions" aria-labelledby="questions-title" id="questions-part"><h2 id="questions-title">Questions</h2><div id="questions"></div></section>
<section class="part" id="faults" aria-label="Findings"></section>
</div>
<section id="drawing" aria-label="Permissions"></section>
</div>
<section class="part" id="finish" aria-label="What to take along"></section>
<details class="part" id="service"><summary>What the service has filled in</summary><div id="service-body"></div></details>
<details class="part" id="link"><summary>A link to this</summary>
<p>Your documents stay in this tab unless you ask for a link. The link holds them, after its <code>#</code>: browsers don't send that part to anybody, but whoever gets the link can read your documents.</p>
<label><input type="checkbox" id="in-address"> Keep documents and answers in this page's address</label>
<p id="link-note" role="status"></p></details>
<footer>Secure Inbox configuration check. A simulation of both accounts; it makes no requests.</footer>
</main>
<p class="unseen" id="announcement" role="status"></p>
${new Html(`${dataStart}${emptySettings}${dataEnd}`)}
<script>${new Html(script)}</script>
</body>
</html>`.markup
  }\n`;
}

/** The page with what it begins with; served, it may also ask who serves it for files that change. */
export function withSettings(page: string, settings: PageSettings): string {
  const start = page.indexOf(dataStart) + dataStart.length;
  const end = page.indexOf(dataEnd, start);
  // Inside a script element only `<` can begin something else.
  const data = JSON.stringify(settings)
    .replaceAll('<', '\\u003c')
    .replace(/[\u2028\u2029]/g, escapeUnit);
  const filled = page.slice(0, start) + data + page.slice(end);
  return settings.follows ? filled.replace(workers, `${workers}; connect-src 'self'`) : filled;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}
