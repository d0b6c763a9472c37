import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';
import { renderShell } from '../../page/shell.ts';
import { thirdPartyNotice } from './third-party-notice.ts';
import { writeWhole } from './write.ts';

/** The customer's page as one file, to be filled in by `secure-inbox page`. */
export async function buildCustomerPage(root: string, script = 'page/main.ts'): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [script, 'page/style/page.css'],
    outdir: join(root, 'dist/customer-page'),
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  writeWhole(join(root, 'dist/page.html'), renderShell({ style: textOf('.css'), script: textOf('.js'), digest }));
  const notice = join(root, 'dist/page.THIRD-PARTY-LICENSES.txt');
  writeWhole(notice, thirdPartyNotice(Object.keys(metafile.inputs), root));
}
