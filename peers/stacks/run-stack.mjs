import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { account } from './aws.mjs';
import { startStack } from './server.mjs';
import { steps } from './steps.mjs';
import { changes, customersChanges } from './templates.mjs';

/**
 * Runs every step on a stack and prints a line for each: passed, failed or skipped. A step in `known`, identified by
 * the end of its name, is known to fail there. It is skipped with the reason, but fails if it passes after all. The
 * exit status is 1 if a step failed.
 */
export async function runStack(stack) {
  const server = await startStack(stack);
  if (server.missing !== undefined) {
    console.log(`left out all: ${server.missing}\n${stack.name}: 0 passed, 0 failed, 1 left out`);
    return;
  }
  console.log(`${stack.versionOf} ${server.version}`);
  for (const name of stack.changes) console.log(`changed in Account A's template: ${changes[name][0]}`);
  for (const name of stack.customersChanges) console.log(`changed in the customer's: ${customersChanges[name][0]}`);

  const { url, program } = server;
  const { serviceAccount = '111111111111', customerAccount = '222222222222', credentialsOf = rootOf } = stack;
  const customer = await credentialsOf(customerAccount, url);
  const folder = join(server.folder, 'state/work');
  mkdirSync(folder, { recursive: true });
  const it = {
    ...{ stack, url, program, folder },
    service: account(server, serviceAccount, await credentialsOf(serviceAccount, url)),
    customer: account(server, customerAccount, customer),
    customerIn: (region) => account(server, customerAccount, customer, region),
  };
  const knownOf = (name) => stack.known.find(([, ...names]) => names.some((known) => name.endsWith(known)))?.[0];
  const counts = { passed: 0, failed: 0, 'left out': 0 };
  try {
    for (const { name, needs = [], run } of steps) {
      const missing = needs.filter((need) => it[need] === undefined);
      const outcome =
        missing.length > 0 ? { 'left out': `without ${missing.join(', ')}` } : await outcomeOf(() => run(it));
      const [kind, reason] = judged(outcome, knownOf(name));
      counts[kind] += 1;
      console.log(`${kind} ${name}${reason ? `: ${reason}` : ''}`);
    }
  } finally {
    await server.stop();
  }
  const [passed, failed, leftOut] = Object.values(counts);
  console.log(`${stack.name}: ${passed} passed, ${failed} failed, ${leftOut} left out`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Most stacks accept 12 digits instead of an access key, for the root user of that account. */
const rootOf = (id) => ({ accessKeyId: id, secretAccessKey: 'test' });

async function outcomeOf(run) {
  try {
    return { passed: await run() };
  } catch (error) {
    return { failed: String(error.message).replaceAll(/\s+/g, ' ').slice(0, 400) };
  }
}

function judged(outcome, known) {
  const [[kind, reason]] = Object.entries(outcome);
  if (known === undefined || kind === 'left out') return [kind, reason];
  if (kind === 'failed') return ['left out', `${known} (seen: ${reason})`];
  return ['failed', `it ends as it should; take it out of what is known: ${known}`];
}
