import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';
import { renderShell } from '../../page/shell.ts';
import { thirdPartyNotice } from './third-party-notice.ts';
import { writeWhole } from './write.ts';

const forBrowsers = {
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
} as const;

/** Styles and scripts of the HTML report, each in a separate file. */
const reportPageParts = ['style/page.css', 'browser/one-report.ts', 'browser/many-reports.ts'];

export async function buildReportPage(root: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: reportPageParts.map((part) => join('cli/views/html', part)),
    outbase: 'cli/views/html',
    outdir: join(root, 'dist/report-page'),
    target: ['chrome110', 'firefox115', 'safari16'],
    ...forBrowsers,
  });
  for (const { path, contents } of outputFiles) writeWhole(path, contents);
}

/** The customer's page as one file, which `secure-inbox page` fills in. */
export async function buildCustomerPage(root: string, script = 'page/main.ts'): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [script, 'page/style/page.css'],
    outdir: join(root, 'dist/customer-page'),
    metafile: true,
    platform: 'browser',
    mainFields: ['module', 'main'],
    target: ['chrome110', 'firefox115', 'safari16.4'],
    ...forBrowsers,
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  writeWhole(join(root, 'dist/page.html'), renderShell({ style: textOf('.css'), script: textOf('.js'), digest }));
  const notice = join(root, 'dist/page.THIRD-PARTY-LICENSES.txt');
  writeWhole(notice, thirdPartyNotice(Object.keys(metafile.inputs), root));
}
