import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages */
interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  /** True if it is part of another package's archive, whose integrity covers it. */
  readonly inBundle?: boolean;
  readonly license?: string;
}
interface LockFile {
  readonly packages: Readonly<Record<string, Entry>>;
}

const root = join(import.meta.dirname, '../..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
const installed = Object.entries(packages).filter(([path]) => path !== '');

it('has an integrity for every package that npm downloads, those of other platforms included', () => {
  const downloaded = installed.filter(([, { link, inBundle }]) => !link && !inBundle);
  expect(downloaded.length).toBeGreaterThan(100);
  const without = downloaded.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
  expect(without.map(([path]) => path)).toEqual([]);
});

it('names no registry, so that everyone installs from their own', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
});

it('has nothing under the GPL or the AGPL, unless another license is available', () => {
  const copyleft = installed.filter(([, { license = '' }]) => /\bA?GPL/.test(license) && !/\bOR\b/.test(license));
  expect(copyleft.map(([path]) => path)).toEqual([]);
});
