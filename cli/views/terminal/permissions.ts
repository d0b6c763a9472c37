import { resourceRoles } from '../../../core/permissions.ts';
import type { Permission, Report } from '../../../core/report.ts';
import type { Step } from '../../../core/vocabulary.ts';

/** The permissions that a report takes to be refused, the surest first. */
export function refusedPermissions({ permissions = [] }: Report): readonly Permission[] {
  return (['denied', 'likely-denied', 'possibly-denied'] as const).flatMap((state) =>
    permissions.filter((permission) => permission.state === state),
  );
}

/** A line for each permission of a step: `s3:PutObject on the test object in …: likely-denied`. */
export function permissionLines({ permissions = [] }: Report, step: Step): readonly string[] {
  return permissions
    .filter((permission) => permission.step === step)
    .map(({ action, on, state }) => `${action} on ${resourceRoles[on]}: ${state}`);
}
