import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from './synthesized.ts';

/** What the modules of a folder may import: paths in the project, and packages. */
interface Direction {
  readonly from: RegExp;
  readonly own: RegExp;
  readonly packages: RegExp;
}

/** What policies, alarms and tables derive from. */
const pureData = ['arn', 'metrics', 'permissions', 'registry-key', 'test-object', 'vocabulary'];

/** Imports go one way: cli → sandbox → model → core and policy; lambda → core; lib takes pure data from core. */
const directions: Readonly<Record<string, Direction>> = {
  'the policy engine': { from: /^policy\//, own: /^policy\//, packages: /^$/ },
  'what all share': { from: /^core\//, own: /^core\//, packages: /^(valibot$|zod\/mini$)/ },
  'the check': {
    from: /^lambda\/customer_configuration_check\//,
    own: /^(lambda\/customer_configuration_check|core)\//,
    packages: /^(node:|@aws-sdk\/|valibot$|zod\/mini$)/,
  },
  // Invokes the check, and of its code reads events with what the check reads them with.
  'the check of stacks': {
    from: /^lambda\/stack_check\//,
    own: /^(lambda\/stack_check|core)\//,
    packages: /^(node:|@aws-sdk\/client-(lambda|s3)$|valibot$)/,
  },
  lib: {
    from: /^lib\//,
    own: new RegExp(`^(lib/|core/(${pureData.join('|')})\\.ts$)`),
    packages: /^(node:|aws-cdk-lib(\/|$)|constructs$)/,
  },
  model: {
    from: /^model\//,
    own: /^(model|policy|core)\//,
    packages: /^(?!aws-cdk|constructs|@aws-sdk)/,
  },
  sandbox: {
    from: /^sandbox\//,
    own: /^(sandbox|model|policy|core)\//,
    packages: /^(?!aws-cdk|constructs)/,
  },
  cli: {
    from: /^cli\//,
    own: /^(cli|sandbox|model|policy|core|lambda)\//,
    packages: /^(?!aws-cdk|constructs)/,
  },
  'bin/app.ts': { from: /^bin\/app\.ts$/, own: /^(lib\/|bin\/build\.mjs$)/, packages: /^(aws-cdk-lib(\/|$)|cdk-nag$)/ },
  'bin/secure-inbox.ts': { from: /^bin\/secure-inbox\.ts$/, own: /^cli\//, packages: /^node:/ },
  'what starts it': {
    from: /^bin\/(secure-inbox\.mjs|build\.mjs|build\.d\.mts)$/,
    own: /^(bin|dist)\//,
    packages: /^(node:|tsx\/esm\/api$)/,
  },
  'what builds the package': {
    from: /^bin\/build\//,
    own: /^(bin\/build\/|sandbox\/assembly\.ts$)/,
    packages: /^(node:|esbuild$)/,
  },
  'what writes the docs': { from: /^bin\/write-[a-z-]+\.ts$/, own: /^cli\//, packages: /^node:/ },
};

interface Import {
  readonly file: string;
  /** A path in the project, or the name of a package. */
  readonly imported: string;
  readonly own: boolean;
  /** Erased before anything runs. */
  readonly typeOnly: boolean;
}

/** `import … from`, `export … from`, `import '…'` and `import('…')`. */
const importing = /^(?:import|export)( type)?\b[^;']*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

const imports: readonly Import[] = ['policy', 'core', 'lambda', 'lib', 'model', 'sandbox', 'cli', 'bin']
  .flatMap(sourceFiles)
  .flatMap(importsOf);

it('finds the imports that there are', () => {
  expect(imports).toContainEqual({ file: 'lib/names.ts', imported: 'aws-cdk-lib', own: false, typeOnly: false });
  const bundle = { file: 'bin/build/lambda-bundle.ts', typeOnly: false };
  expect(imports).toContainEqual({ ...bundle, imported: 'bin/build/third-party-notice.ts', own: true });
  const permissions = { file: 'core/permissions.ts', own: true };
  expect(imports).toContainEqual({ ...permissions, imported: 'core/vocabulary.ts', typeOnly: true });
});

it.each(Object.entries(directions))('%s imports only what it may', (_, { from, own, packages }) => {
  const outgoing = imports.filter(({ file }) => from.test(file));
  const forbidden = outgoing.filter((each) => !(each.own ? own : packages).test(each.imported));
  expect(outgoing).not.toEqual([]);
  expect(forbidden.map(({ file, imported }) => `${file} → ${imported}`)).toEqual([]);
});

it('has every source file in one direction', () => {
  const everywhere = Object.values(directions);
  const lawless = imports.filter(({ file }) => everywhere.filter(({ from }) => from.test(file)).length !== 1);
  expect(lawless.map(({ file }) => file)).toEqual([]);
});

it.each(pureData)('%s.ts is pure data: it imports nothing that runs', (name) => {
  expect(imports.filter(({ file, typeOnly }) => file === `core/${name}.ts` && !typeOnly)).toEqual([]);
});

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs)$/.test(file))
    .map((file) => join(folder, file));
}

function importsOf(file: string): readonly Import[] {
  const source = readFileSync(join(projectRoot, file), 'utf8');
  return [...source.matchAll(importing)].map(([, type, from = '', sideEffect, dynamic]) => {
    const specifier = sideEffect ?? dynamic ?? from;
    const own = specifier.startsWith('.');
    return { file, imported: own ? join(dirname(file), specifier) : specifier, own, typeOnly: type !== undefined };
  });
}
