import { sprite } from './pieces.ts';
import { Html, html } from './template.ts';

export interface SelfContained {
  readonly title: string;
  readonly style: string;
  readonly script: string;
  /** Hashes a text for a Content Security Policy: `sha256-…`. */
  readonly digest: (text: string) => string;
  /** Further sources for the policy to allow. */
  readonly directives?: readonly string[];
  readonly data?: Html;
}

/**
 * A single-file page. It can't load, send or run anything other than its own style and script.
 * https://www.w3.org/TR/CSP3/
 */
export function selfContained(
  { title, style, script, digest, directives = [], data }: SelfContained,
  body: Html,
): string {
  const policy = [
    "default-src 'none'",
    `style-src '${digest(style)}'`,
    `script-src '${digest(script)}'`,
    ...directives,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${sprite}
${body}
<p class="unseen" id="announcement" role="status"></p>
${data && html`${data}\n`}<script>${new Html(script)}</script>
</body>
</html>`.markup
  }\n`;
}
