import { type SelfContained, selfContained } from '../cli/views/html/self-contained.ts';
import { Html, html, jsonForScript } from '../cli/views/html/template.ts';
import type { PageSettings } from './contract.ts';

export type ShellParts = Pick<SelfContained, 'style' | 'script' | 'digest'>;

/** The page's data before `secure-inbox page` fills it in. */
const emptySettings = '{"service":{},"everything":false}';
const workers = 'worker-src blob:';
const [dataStart, dataEnd] = ['<script type="application/json" id="settings">', '</script>'];

const title = 'Will reports reach your Secure Inbox?';

export function renderShell({ style, script, digest }: ShellParts): string {
  const data = new Html(`${dataStart}${emptySettings}${dataEnd}`);
  return selfContained(
    { title, style, script, digest, directives: [workers], data },
    html`<main>
<header class="top">
<h1>${title}</h1>
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
<details class="part" id="link"><summary>Link to these documents</summary>
<p>Your documents stay in this tab unless you ask for a link. The link holds them, after its <code>#</code>: browsers don't send that part to a server, but anyone who has the link can read your documents.</p>
<label><input type="checkbox" id="in-address"> Keep documents and answers in this page's address</label>
<p id="link-note" role="status"></p></details>
<footer>Secure Inbox configuration check. A simulation of both accounts; it makes no requests.</footer>
</main>`,
  );
}

/** Fills in the page's data. A served page may also connect to its server, for files that change. */
export function withSettings(page: string, settings: PageSettings): string {
  const start = page.indexOf(dataStart) + dataStart.length;
  const end = page.indexOf(dataEnd, start);
  const filled = page.slice(0, start) + jsonForScript(settings) + page.slice(end);
  return settings.follows ? filled.replace(workers, `${workers}; connect-src 'self'`) : filled;
}
