import { renderJunit } from '../../../../cli/views/junit.ts';
import { renderStepSummary } from '../../../../cli/views/step-summary.ts';
import type { Permission, Report } from '../../../../core/report.ts';
import { permissionLines, refusedPermissions } from '../../../../core/report-permissions.ts';
import { deniedReport, passedReport } from '../../reports.ts';

const at = (action: Permission['action'], on: Permission['on'], state: Permission['state']): Permission => ({
  step: 'copy-to-inbox',
  action,
  on,
  state,
  because: { step: 'copy-to-inbox' },
});
const report: Report = {
  ...deniedReport,
  permissions: [
    at('s3:GetObject', 'internal-object', 'allowed'),
    at('kms:Decrypt', 'internal-key', 'possibly-denied'),
    at('s3:PutObject', 'inbox-object', 'denied'),
    at('kms:GenerateDataKey', 'inbox-key', 'unknown'),
  ],
};
const outcome = (one: Report) => ({
  job: { title: 'a.json', event: {} },
  answer: { kind: 'reports' as const, reports: [one], batch: false },
  log: [],
});

test('denied permissions are listed most certain first, without unknown ones', () => {
  expect(refusedPermissions(report).map(({ action }) => action)).toEqual(['s3:PutObject', 'kms:Decrypt']);
  expect(refusedPermissions(passedReport)).toEqual([]);
});

test('a failed test case of JUnit has every permission of its step', () => {
  const xml = renderJunit([outcome(report)]);
  const lines = permissionLines(report, 'copy-to-inbox');
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(xml).toContain(line.replaceAll("'", '&apos;'));
  expect(permissionLines(report, 'put-internal')).toEqual([]);
});

test('the summary of a workflow has a table of denied permissions', () => {
  const rows = renderStepSummary([outcome(report)])
    .split('\n')
    .filter((line) => line.startsWith('| copy&'.slice(0, 6)));
  expect(rows.map((row) => row.split(' | ').slice(1, 2).join())).toEqual(['s3:PutObject', 'kms:Decrypt']);
});
