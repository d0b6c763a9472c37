import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licenses of the packages from which files are bundled. Each license's text appears once, below the packages that
 * use it.
 *
 * @param inputs paths of bundled source files, relative to `root`
 */
export function thirdPartyNotice(inputs: readonly string[], root: string): string {
  const packagesByLicence = new Map<string, string[]>();
  for (const directory of packageDirectories(inputs)) {
    const { title, text } = licenseOf(join(root, directory));
    packagesByLicence.set(text, [...(packagesByLicence.get(text) ?? []), title]);
  }
  return [...packagesByLicence]
    .map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The innermost package of each path: `node_modules/a/node_modules/@b/c/index.js` belongs to `@b/c`. */
function packageDirectories(inputs: readonly string[]): readonly string[] {
  const directories = inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(directories)].sort();
}

function licenseOf(directory: string): { readonly title: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  return {
    title: `${name} ${version} (${license ?? 'no license declared'})`,
    text:
      file === undefined
        ? 'The package carries no license text of its own.'
        : readFileSync(join(directory, file), 'utf8').trim(),
  };
}
