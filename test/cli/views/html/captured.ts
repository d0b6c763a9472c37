import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, reportSchema } from '../../../../core/report.ts';

/** Reports of the deployed bundle in the sandbox. The comments name the scenarios. */
export const captured = [
  'passed', // everything-in-order
  'services-own-key', // not-broken/key-of-the-service-for-waiting-reports
  'silent-bucket-policy', // bucket-policy/silent
  'acl-not-allowed', // object-ownership/acl-demanded-and-not-allowed
  'decrypt-not-allowed', // identity-policy/decrypt-not-allowed
  'three-faults', // combined/three-faults-in-three-places
  'customer-did-nothing', // several-faults/customer-did-nothing
  'both-keys-forgotten', // combined/both-keys-forgotten
  'role-not-assumed', // role-trust-policy/silent
  'clean-up-denied', // clean-up/denied
  'put-internal-alone', // combined/put-internal-alone
  'disabled-key', // key-state/disabled
  'inbox-in-another-region', // region/inbox-elsewhere
  'slow-down', // everything-in-order, where CopyObject is answered with SlowDown
] as const;
export type Captured = (typeof captured)[number];

export function capturedReport(name: Captured): Report {
  return reportSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'reports', `${name}.json`), 'utf8')));
}

/** A report with every field that a report may have, so that everything that is shown is tested. */
export function fullReport(): Report {
  const report = capturedReport('customer-did-nothing');
  const place = { file: 'bucket-policy.json', line: 12, column: 3 };
  const statement = { policy: 'bucket policy', sid: 'DenyOthers', index: 1, ...place };
  const policyArn = 'arn:aws:organizations::111111111111:policy/o-service/service_control_policy/p-12345678';
  const [first] = report.diagnoses;
  const candidates = (first?.candidates ?? []).map((one) => ({
    ...one,
    ...(first?.remedy && { remedy: first.remedy }),
  }));
  return {
    ...report,
    lookupEvents: 'found',
    notes: [{ kind: 'beyond-need', detail: 'The whole account is trusted.', ...place }],
    diagnoses: report.diagnoses.map((one) => ({
      ...one,
      denial: { ...one.denial, effect: 'implicit' as const, policyArn, statement },
      candidates,
    })),
  };
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * A report with text added to every string whose value the schema leaves open.
 *
 * @param hostile returns the text to add to the string with this number
 */
export function withHostileStrings(report: Report, hostile: (number: number) => string) {
  let current = JSON.parse(JSON.stringify(report)) as Json;
  let count = 0;
  for (const path of pathsOfStrings(current)) {
    const changed = replaced(current, path, (text) => `${text}${hostile(count)}`);
    if (!reportSchema.safeParse(changed).success) continue;
    current = changed;
    count++;
  }
  return { report: reportSchema.parse(current), count };
}

type Path = readonly (string | number)[];

function pathsOfStrings(value: Json, path: Path = []): readonly Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => pathsOfStrings(inner as Json, [...path, name]));
}

function replaced(value: Json, [first, ...rest]: Path, change: (text: string) => string): Json {
  if (first === undefined) return typeof value === 'string' ? change(value) : value;
  if (Array.isArray(value))
    return value.map((inner, at) => (at === Number(first) ? replaced(inner, rest, change) : inner));
  const fields = value as { readonly [name: string]: Json };
  return { ...fields, [first]: replaced(fields[first] ?? null, rest, change) };
}
