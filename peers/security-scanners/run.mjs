#!/usr/bin/env node
// Scans both templates; README.md says what for.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const cache = join(here, '.cache');
const customersTemplate = join(root, 'cloudformation/secure-inbox.yaml');

function installed() {
  const venv = join(cache, 'venv');
  try {
    mkdirSync(cache, { recursive: true });
    if (!existsSync(join(venv, 'bin/python'))) execFileSync('python3', ['-m', 'venv', venv], { stdio: 'ignore' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--upgrade', 'checkov', 'cfn-lint'];
    execFileSync(join(venv, 'bin/python'), pip, { stdio: ['ignore', 'ignore', 'inherit'] });
    return join(venv, 'bin');
  } catch (error) {
    console.log(`Left out: Checkov and cfn-lint cannot be installed here (${error.message.split('\n')[0]}).`);
    return undefined;
  }
}

function synthesized() {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const outdir = join(cache, 'cdk.out');
  const env = {
    ...process.env,
    CDK_VALIDATION: 'false',
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, onboardedAccounts: '222222222222' }),
  };
  execFileSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { cwd: root, env, stdio: 'inherit' });
  return join(outdir, 'SecureInboxConfigurationCheck.template.json');
}

/** Both print their findings as JSON and end with a status of their own; Checkov may print a line before it. */
function findingsOf(command, args) {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 100_000_000 });
  const start = stdout.search(/^[[{]/m);
  if (start === -1) throw new Error(`${command} printed no findings: ${stderr.slice(-500)}`);
  return JSON.parse(stdout.slice(start));
}

const bin = installed();
if (bin) {
  const templates = [customersTemplate, synthesized()];
  const files = templates.flatMap((file) => ['-f', file]);
  const checkov = ['--framework', 'cloudformation', '--quiet', '--compact', '--skip-download', '-o', 'json'];
  const found = [
    ...[findingsOf(join(bin, 'checkov'), [...files, ...checkov])].flat().flatMap(({ results }) =>
      results.failed_checks.map((check) => ({
        id: check.check_id,
        text: `${check.check_name}: ${check.resource} in ${check.file_path}`,
      })),
    ),
    ...findingsOf(join(bin, 'cfn-lint'), ['--format', 'json', ...templates]).map(({ Rule, Message, Filename }) => ({
      id: Rule.Id,
      text: `${Message} in ${Filename}`,
    })),
  ];
  const table = [...readFileSync(join(here, 'README.md'), 'utf8').matchAll(/^\| `(\w+)` /gm)].map(([, id]) => id);
  const without = found.filter(({ id }) => !table.includes(id));
  const gone = table.filter((id) => !found.some((one) => one.id === id));
  for (const { id, text } of without) console.log(`no reason: ${id} ${text}`);
  for (const id of gone) console.log(`found no more: ${id}. Take its row out of README.md.`);
  console.log(`${found.length} findings, ${without.length} without a reason, ${gone.length} rows that nothing finds.`);
  process.exitCode = without.length + gone.length > 0 ? 1 : 0;
}
