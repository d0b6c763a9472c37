import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assembly } from '../../sandbox/assembly.ts';
import { buildCommandLine } from './command-line.ts';
import { buildFunctions } from './functions.ts';
import { buildLibraries, buildTypes } from './libraries.ts';
import { buildCustomerPage } from './page.ts';

const parts: Readonly<Record<string, (root: string) => Promise<void>>> = {
  commandLine: (root) => buildCommandLine(root),
  functions: buildFunctions,
  libraries: buildLibraries,
  page: (root) => buildCustomerPage(root),
};

/** @param names the parts' names in bin/build.mjs */
export async function buildParts(root: string, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => parts[name]?.(root)));
}

/** Parts that a checkout builds on request and a package must contain: types, and the synthesized Account A. */
export async function buildPackage(root: string): Promise<void> {
  rmSync(join(root, 'dist/types'), { recursive: true, force: true });
  // Removes what earlier builds left.
  await buildCommandLine(root, 0);
  buildTypes(root);
  copyFileSync((await assembly({ root })).templateFile, join(root, 'dist/service-template.json'));
}
