import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { renderShell } from '../../page/shell.ts';
import { thirdPartyNotice } from './third-party-notice.ts';
import { writeWhole } from './write.ts';

const browser: BuildOptions = {
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: ['chrome110', 'firefox115', 'safari16.4'],
  charset: 'utf8',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * The customer's page as one file, to be filled in by `secure-inbox page`: its script has the worker's source as a text,
 * because a page that is opened from a disk can load nothing.
 *
 * @param judge the worker's entry
 */
export async function buildCustomerPage(root: string, judge = 'page/judge/worker.ts'): Promise<void> {
  const worker = await build({
    ...browser,
    absWorkingDir: root,
    entryPoints: [judge],
    outfile: 'w.js',
    metafile: true,
  });
  const { outputFiles, metafile } = await build({
    ...browser,
    absWorkingDir: root,
    entryPoints: ['page/main.ts', 'page/style/page.css'],
    outdir: join(root, 'dist/customer-page'),
    metafile: true,
    plugins: [sourceOfJudge(worker.outputFiles?.[0]?.text ?? '')],
  });
  const textOf = (end: string) => outputFiles?.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  const digest = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const page = renderShell({ style: textOf('.css'), script: textOf('.js'), digest });
  writeWhole(join(root, 'dist/page.html'), page);
  const inputs = [...Object.keys(worker.metafile?.inputs ?? {}), ...Object.keys(metafile?.inputs ?? {})];
  writeWhole(join(root, 'dist/page.THIRD-PARTY-LICENSES.txt'), thirdPartyNotice(inputs, root));
}

function sourceOfJudge(source: string): Plugin {
  return {
    name: 'judge-source',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^judge-source$/ }, () => ({ path: 'judge-source', namespace: 'judge' }));
      onLoad({ filter: /.*/, namespace: 'judge' }, () => ({ contents: source, loader: 'text' }));
    },
  };
}
