import { join } from 'node:path';
import { buildSync } from 'esbuild';

const folder = import.meta.dirname;

type Source = 'style/page.css' | 'browser/one-report.ts' | 'browser/many-reports.ts';

/** The sources don't change while a process runs. */
const built = new Map<Source, string>();

/**
 * The style and a script of the page, each in one piece and small. They are built from the sources at the moment that a
 * page is written, so that a section is rendered by the same code here and in the browser.
 *
 * @throws esbuild's BuildFailure if a source does not compile, which is a bug
 */
export function builtAsset(source: Source): string {
  const text = built.get(source) ?? build(source);
  built.set(source, text);
  return text;
}

function build(source: Source): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, source)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome110', 'firefox115', 'safari16'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}
