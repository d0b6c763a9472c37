import { readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/** Code that finds a source's folder from a built file, which is two folders below the package's. */
export const sourceFolderInEsModules = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  // CommonJS packages call it to load Node.js modules.
  'const require = __createRequire(import.meta.url);',
  'const __sourceFolder = (folder) => __fileURLToPath(new URL(`../../${folder}`, import.meta.url));',
].join('\n');
export const sourceFolderInCommonJs =
  "const __sourceFolder = (folder) => require('node:path').join(__dirname, '../..', folder);";

/** Code finds files next to its source with `import.meta.dirname`, but these files are not next to the built file. */
export function whereItIsWritten(root: string): Plugin {
  return {
    name: 'where-it-is-written',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path.includes(`${sep}node_modules${sep}`)) return undefined;
        const folder = relative(root, dirname(path)).replaceAll(sep, '/');
        const text = readFileSync(path, 'utf8');
        return { loader: 'ts', contents: text.replaceAll('import.meta.dirname', `__sourceFolder('${folder}')`) };
      });
    },
  };
}
