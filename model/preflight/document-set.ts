import type { TemplateSource } from '../template/node.ts';
import type { SourceDocument } from '../text/document.ts';
import type { PolicyFile } from '../text/policy-file.ts';
import type { SlotName } from './slots.ts';

/** What a user says of the deployment of a template. */
export interface TemplateDeployment {
  readonly parameters: Readonly<Record<string, string>>;
  /** Values from other stacks and services, by what the template calls them. */
  readonly imports: Readonly<Record<string, string>>;
  readonly stackName: string | undefined;
}

/** One customer's documents. */
export interface DocumentSet {
  readonly title: string;
  /** What to call the customer where no event does. */
  readonly customer?: string;
  readonly event?: SourceDocument;
  readonly scenario?: string;
  readonly policies: readonly GivenPolicy[];
  readonly template?: TemplateDeployment & { readonly source: TemplateSource };
  readonly told: Told;
  /** Files that were found in a folder, and why they are not used. */
  readonly unused: readonly { readonly file: string; readonly why: string }[];
}

export interface GivenPolicy {
  readonly slot: SlotName;
  readonly policy: PolicyFile;
}

/** What a user said about the two accounts that no document and no test event says. */
export interface Told {
  /** Through a VPC endpoint, the address within the VPC. */
  readonly sourceIp?: string;
  readonly vpcEndpoint?: string;
  readonly vpc?: string;
  readonly serviceOrganization?: string;
  readonly serviceOrganizationPath?: string;
  readonly customerOrganization?: string;
  readonly customerOrganizationPath?: string;
  readonly scpReplacesFullAccess?: boolean;
  readonly restrictPublicBuckets?: boolean;
}
