#!/usr/bin/env node
// Scans both templates: `node peers/security-scanners/run.mjs [SCANNER…]`; see README.md.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { install, program } from '../clients/python.mjs';
import { reasonOf, run } from '../clients/run-command.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = new URL('README.md', import.meta.url);
const cdkOut = fileURLToPath(new URL('.cache/cdk.out', import.meta.url));

/** Both print their findings as JSON and exit with their own status. `rules` are those in the README's rows. */
const scanners = {
  'cfn-lint': {
    rules: /^[EWI]\d+$/,
    args: (templates) => ['--format', 'json', ...templates],
    findings: (found) =>
      found.map(({ Rule, Message, Filename }) => ({ id: Rule.Id, text: `${Message} in ${Filename}` })),
  },
  checkov: {
    rules: /^CKV/,
    args: (templates) => [
      ...templates.flatMap((file) => ['-f', file]),
      ...['--framework', 'cloudformation', '--quiet', '--compact', '--skip-download', '-o', 'json'],
    ],
    findings: (found) =>
      [found].flat().flatMap(({ results }) =>
        results.failed_checks.map((check) => ({
          id: check.check_id,
          text: `${check.check_name}: ${check.resource} in ${check.file_path}`,
        })),
      ),
  },
};

/** Account A with one onboarded account. */
function synthesized() {
  const { context } = JSON.parse(readFileSync(`${root}/cdk.json`, 'utf8'));
  const env = {
    ...process.env,
    CDK_VALIDATION: 'false',
    CDK_OUTDIR: cdkOut,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, onboardedAccounts: '222222222222' }),
  };
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { cwd: root, env, stdio: 'inherit' });
  return `${cdkOut}/SecureInboxConfigurationCheck.template.json`;
}

/** The number of a scanner's findings and rows that are not as expected. */
async function scan(name, templates, table) {
  const { rules, args, findings } = scanners[name];
  const outcome = await run(program(name), args(templates));
  // Checkov may print a line before its findings.
  const start = outcome.stdout.search(/^[[{]/m);
  if (start === -1) {
    console.log(`${name} printed no findings: ${reasonOf(outcome)}`);
    return 1;
  }
  const found = findings(JSON.parse(outcome.stdout.slice(start)));
  const without = found.filter(({ id }) => !table.includes(id));
  const gone = table.filter((id) => rules.test(id) && !found.some((one) => one.id === id));
  for (const { id, text } of without) console.log(`no reason: ${id} ${text}`);
  for (const id of gone) console.log(`no longer found: ${id}. Remove its row from README.md.`);
  console.log(
    `${name}: ${found.length} findings, ${without.length} without a reason, ${gone.length} rows that nothing finds.`,
  );
  return without.length + gone.length;
}

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(scanners);
const unknown = names.filter((name) => !Object.hasOwn(scanners, name));
const missing = unknown.length > 0 ? undefined : await install(...names);
if (unknown.length > 0) {
  console.error(`Unknown scanner: ${unknown.join(', ')}. Allowed: ${Object.keys(scanners).join(', ')}.`);
  process.exitCode = 2;
} else if (missing) {
  console.log(`Left out: ${names.join(', ')}. ${missing}`);
} else {
  const table = [...readFileSync(readme, 'utf8').matchAll(/^\| `(\w+)` /gm)].map(([, id]) => id);
  const templates = [`${root}/cloudformation/secure-inbox.yaml`, synthesized()];
  for (const name of names) if ((await scan(name, templates, table)) > 0) process.exitCode = 1;
}
