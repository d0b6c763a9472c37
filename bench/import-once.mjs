/** Prints how many milliseconds it takes to load the given module, in a process that has loaded nothing else. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , file] = process.argv;
// Like Lambda: ES modules by import, CommonJS by require.
const load = file.endsWith('.mjs') ? () => import(pathToFileURL(file).href) : () => createRequire(file)(file);

const begin = performance.now();
const { handler } = await load();
const took = performance.now() - begin;

if (typeof handler !== 'function') throw new Error(`${file} exports no handler`);
process.stdout.write(String(took));
