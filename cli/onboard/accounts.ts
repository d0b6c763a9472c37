import type { Scenario } from '../../model/world/scenario.ts';
import type { Access } from '../collect/clients.ts';
import type { Runner } from '../run/job.ts';

/** With what credentials each account is asked, and where it is. */
export interface OnboardAccounts {
  readonly service: Access;
  readonly customer: Access;
  /** Of the service; absent where options, profile or environment say it. */
  readonly region?: string;
  /** In the sandbox: the two accounts, and how the check runs in them. */
  readonly inSandbox?: { readonly scenario: Scenario; readonly runner: Runner };
  end(): Promise<void>;
}

interface Profiles {
  readonly serviceProfile?: string;
  readonly customerProfile?: string;
}

/** The accounts that the user's AWS profiles, or the SDK's own credentials, are for. */
export function accountsInAws(
  { serviceProfile, customerProfile }: Profiles,
  env: Readonly<Record<string, string | undefined>>,
): OnboardAccounts {
  const pathStyle = Boolean(env['AWS_ENDPOINT_URL'] || env['AWS_ENDPOINT_URL_S3']);
  return {
    service: { pathStyle, ...(serviceProfile !== undefined && { profile: serviceProfile }) },
    customer: { pathStyle, ...(customerProfile !== undefined && { profile: customerProfile }) },
    end: async () => {},
  };
}
