import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from './synthesized.ts';

/** The allowed imports of a folder's modules: paths in the project, and packages. */
interface Direction {
  readonly from: RegExp;
  readonly own: RegExp;
  readonly packages: RegExp;
}

/** The tables from which policies and alarms derive. */
const pureData = ['arn', 'layers', 'metrics', 'object-keys', 'permissions', 's3-headers', 'values', 'vocabulary'];

/** Imports go one way: cli → sandbox → model → core and policy; lambda → core; lib takes pure data from core. */
const directions: Readonly<Record<string, Direction>> = {
  'the policy engine': { from: /^policy\//, own: /^policy\//, packages: /^$/ },
  'what all share': { from: /^core\//, own: /^core\//, packages: /^(valibot$|zod\/mini$)/ },
  'the check': {
    from: /^lambda\/customer_configuration_check\//,
    own: /^(lambda\/customer_configuration_check|core)\//,
    packages: /^(node:|@aws-sdk\/|valibot$|zod\/mini$)/,
  },
  // Invokes the check, and shares only the code that reads events.
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
    packages: /^(@aws-crypto\/sha256-js|yaml|zod)$/,
  },
  sandbox: {
    from: /^sandbox\//,
    own: /^(sandbox|model|policy|core)\//,
    packages: /^(?!aws-cdk|constructs)/,
  },
  cli: {
    from: /^cli\//,
    own: /^((cli|sandbox|model|policy|core|lambda)\/|page\/(shell|contract)\.ts$)/,
    packages: /^(?!aws-cdk|constructs)/,
  },
  // Imports what renders reports from cli/, but nothing that depends on the command line.
  "the customer's page": {
    from: /^page\//,
    own: /^(page|model|policy|core|cli\/views\/html)\/|^cli\/views\/[^/]+$/,
    packages: /^(@codemirror\/|valibot$|zod$|yaml$)/,
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
    own: /^(bin\/build\/|sandbox\/assembly\.ts$|page\/shell\.ts$)/,
    packages: /^(node:|esbuild$)/,
  },
};

interface Import {
  readonly file: string;
  /** A path in the project, or the name of a package. */
  readonly imported: string;
  readonly own: boolean;
  /** True if it is erased before anything runs. */
  readonly typeOnly: boolean;
  /** True if it is loaded on demand. */
  readonly dynamic: boolean;
}

/** `import … from`, `export … from`, `import '…'` and `import('…')`. */
const importing = /^(?:import|export)( type)?\b[^;']*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

const imports: readonly Import[] = ['policy', 'core', 'lambda', 'lib', 'model', 'page', 'sandbox', 'cli', 'bin']
  .flatMap(sourceFiles)
  .flatMap(importsOf);

it('finds the existing imports', () => {
  expect(imports).toContainEqual({
    file: 'lib/names.ts',
    imported: 'aws-cdk-lib',
    own: false,
    typeOnly: false,
    dynamic: false,
  });
  const bundle = { file: 'bin/build/lambda-bundle.ts', typeOnly: false, dynamic: false };
  expect(imports).toContainEqual({ ...bundle, imported: 'bin/build/third-party-notice.ts', own: true });
  const permissions = { file: 'core/permissions.ts', own: true, dynamic: false };
  expect(imports).toContainEqual({ ...permissions, imported: 'core/vocabulary.ts', typeOnly: true });
});

it.each(Object.entries(directions))('%s imports only what it may', (_, { from, own, packages }) => {
  const outgoing = imports.filter(({ file }) => from.test(file));
  const forbidden = outgoing.filter((each) => !(each.own ? own : packages).test(each.imported));
  expect(outgoing).not.toEqual([]);
  expect(forbidden.map(({ file, imported }) => `${file} → ${imported}`)).toEqual([]);
});

it('covers every source file by one direction', () => {
  const everywhere = Object.values(directions);
  const lawless = imports.filter(({ file }) => everywhere.filter(({ from }) => from.test(file)).length !== 1);
  expect(lawless.map(({ file }) => file)).toEqual([]);
});

it.each(pureData)('%s.ts is pure data: it imports nothing that runs', (name) => {
  expect(imports.filter(({ file, typeOnly }) => file === `core/${name}.ts` && !typeOnly)).toEqual([]);
});

/**
 * Lazy imports (`import('…')`) don't count: the command table uses them, and a command may use the table's names.
 */
it('has no circle of imports between files', () => {
  const graph = new Map<string, Set<string>>();
  for (const { file, imported, own, dynamic } of imports) {
    if (own && !dynamic) graph.set(file, (graph.get(file) ?? new Set()).add(imported));
  }
  const circles = circlesIn(graph).map((circle) => [...circle].sort().join(' '));
  expect(circles).toEqual([]);
});

it('would find a circle', () => {
  const graph = new Map([
    ['a', new Set(['b', 'd'])],
    ['b', new Set(['c'])],
    ['c', new Set(['a'])],
    ['d', new Set(['e'])],
  ]);
  expect(circlesIn(graph).map((circle) => [...circle].sort())).toEqual([['a', 'b', 'c']]);
});

/** All sets of files that reach each other. */
function circlesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const reached = new Map([...graph.keys()].map((file) => [file, reachableFrom(graph, file)]));
  const circles: string[][] = [];
  for (const file of graph.keys()) {
    if (circles.some((circle) => circle.includes(file)) || !reached.get(file)?.has(file)) continue;
    circles.push([...graph.keys()].filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)));
  }
  return circles;
}

function reachableFrom(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const next of graph.get(file) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

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
    const imported = own ? join(dirname(file), specifier) : specifier;
    return { file, imported, own, typeOnly: type !== undefined, dynamic: dynamic !== undefined };
  });
}
