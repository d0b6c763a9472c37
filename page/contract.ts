import type { Judged } from '../model/preflight/judge.ts';
import type { JudgeRequest } from '../model/preflight/judged-documents.ts';

/** The messages between the page and its worker: the page sends one JudgeStart, then JudgeInputs. The worker answers with Judgments. */

export interface JudgeStart {
  readonly start: PageSettings;
}

/** Filled in when the page is written: the test event and the templates of both accounts. No secrets. */
export interface PageSettings {
  readonly event?: unknown;
  /** Like `known`, it outranks what documents say. */
  readonly service: {
    readonly deliveryRoleArn?: string;
    readonly accountId?: string;
    readonly internalBucket?: string;
    readonly internalKeyArn?: string;
  };
  /** The service's facts about a customer who has no test event yet. */
  readonly known?: {
    readonly customer?: string;
    readonly accountId?: string;
    readonly region?: string;
    readonly prefix?: string;
  };
  /** True if the service's documents are editable. */
  readonly everything: boolean;
  readonly templates?: { readonly service: TemplateText; readonly customer: TemplateText };
  /** The documents that the page starts with. */
  readonly documents?: readonly GivenDocument[];
  /** The service's policies, read-only without `everything`. */
  readonly serviceDocuments?: readonly Required<GivenDocument>[];
  readonly told?: Readonly<Record<string, string | boolean>>;
  readonly deployment?: Partial<JudgeInput['deployment']>;
  /** True if a command serves the page and reports changed files. */
  readonly follows?: true;
}

export interface GivenDocument {
  readonly name: string;
  readonly text: string;
  /** The kind of document. @default recognized by its content */
  readonly as?: string;
}

interface TemplateText {
  readonly file: string;
  readonly text: string;
}

export interface JudgeInput extends Pick<JudgeRequest, 'documents' | 'told' | 'kindsOnly'> {
  readonly seq: number;
  readonly deployment: {
    readonly parameters: Readonly<Record<string, string>>;
    readonly imports: Readonly<Record<string, string>>;
    readonly stackName?: string;
  };
}

export interface Judgment extends Judged {
  readonly seq: number;
}
