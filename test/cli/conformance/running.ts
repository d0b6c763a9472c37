import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingRow } from '../../../cli/conformance/carry-out-plan.ts';
import type { WorldResult } from '../../../cli/conformance/compare-answers.ts';
import type { RunPlan } from '../../../cli/conformance/run-plan.ts';
import { main } from '../../../cli/main.ts';
import { testSurroundings } from '../surroundings.ts';
import type { AwsDouble } from './aws/double.ts';

/** The fields that tests use from the command's output with --json. */
interface Printed extends Pick<RunPlan, 'prefix' | 'calls' | 'keys'> {
  readonly scenarios: readonly WorldResult[];
  readonly leftOut: readonly { readonly file: string; readonly why: string }[];
  readonly left: readonly unknown[];
  readonly unknown: readonly string[];
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly state: string;
  readonly recording: readonly RecordingRow[];
  readonly printed: () => Printed;
}

/** The folder of a test file that calls `useFolder`. */
export let folder = '';
export function useFolder(): void {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

let runs = 0;

/** Runs the command in this process, because the SDK reads its environment. */
export async function conformance(
  double: Pick<AwsDouble, 'env'>,
  args: readonly string[],
  rest: Parameters<typeof testSurroundings>[0] = {},
): Promise<Ran> {
  const [output, state] = ['jsonl', 'state.json'].map((ending) => join(folder, `${++runs}.${ending}`));
  const before = { ...process.env };
  Object.assign(process.env, double.env);
  const surroundings = testSurroundings({ env: { ...double.env }, ...rest });
  const files = args.includes('--clean-up') ? [] : ['--output', output ?? '', '--state', state ?? ''];
  try {
    const status = await main(['conformance', '--settle', '0s', '--deadline', '0s', ...files, ...args], surroundings);
    const { stdout, stderr } = surroundings.written;
    const rows = existsSync(output ?? '')
      ? readFileSync(output ?? '', 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
      : [];
    return {
      status,
      stdout,
      stderr,
      state: state ?? '',
      recording: rows.map((row) => JSON.parse(row)),
      printed: () => JSON.parse(stdout),
    };
  } finally {
    for (const name of Object.keys(double.env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** The resources left in the accounts, other than the two administrators. */
export function leftIn({ world }: AwsDouble): readonly string[] {
  const roles = [...world.roles.values()].filter(({ name }) => name !== 'administrator').map(({ arn }) => arn);
  const keys = [...world.keys.values()].filter(({ state }) => state !== 'PendingDeletion').map(({ arn }) => arn);
  return [...roles, ...world.buckets.keys(), ...keys];
}

const usual = [
  'permissions-boundary/put-inbox-denied',
  'role-trust-policy/silent',
  'session-policy/inbox-forgotten',
  'bucket-policy/principal-is-another-session',
  'key-policy/silent',
  'key-state/pending-deletion',
  'key-grant/constrained-to-the-inbox',
];
const further = [
  'identity-policy/put-internal-not-allowed',
  'block-public-access/public-policy',
  'key-state/pending-import',
  'key-state/asymmetric',
  'key-grant/wrong-operation',
  'bucket-missing/deleted',
  'conditions/tag-of-the-role',
];

/** One world of each kind that the command applies. EVERY_SCENARIO=1 adds those that are similar to others. */
export const kinds = [...usual, ...(process.env['EVERY_SCENARIO'] ? further : [])].map(
  (name) => `scenarios/${name}.yaml`,
);
