import type { Scenario } from '../../model/world/scenario.ts';
import { type Access, awsEndpointsIn } from '../collect/aws-access.ts';
import type { Runner } from '../run/job.ts';

/** The credentials and Region for each account. */
export interface OnboardAccounts {
  readonly service: Access;
  readonly customer: Access;
  /** The service's Region; absent if options, profile or environment give it. */
  readonly region?: string;
  /** Set in the sandbox: the two accounts, and how the check runs in them. */
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
  const endpoints = awsEndpointsIn(env);
  return {
    service: { ...endpoints, profile: serviceProfile },
    customer: { ...endpoints, profile: customerProfile },
    end: async () => {},
  };
}
